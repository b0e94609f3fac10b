package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NotificationUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "https://example.com/notifications",
                "HTTPS://Example.COM:8443/a/b?c=d&e=%20f",
                "https://example.com./x",
                "https://xn--mnchen-3ya.example/x",
                "https://8.8.8.8/x",
                "https://[2606:4700:4700::1111]:8443/x",
                "https://[64:ff9b::808:808]/x",
                "https://a-b.c9.example/x?",
                "https://example.com/%E2%9C%93/é"
            })
    void https_url_of_a_public_host_is_valid(String text) {
        assertThat(NotificationUrl.read(text, false)).isInstanceOf(NotificationUrl.ParseResult.Valid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|https",
                "example.com/x|https",
                "http://example.com/x|https",
                "ftp://example.com/x|https",
                "file:///etc/passwd|https",
                "mailto:a@example.com|https",
                "https:example.com|host",
                "https:///x|host",
                "https://?x|host",
                "https://user@example.com/x|user",
                "https://user:password@example.com/x|user",
                "https://@example.com/x|user",
                "https://example.com/x#part|fragment",
                "https://example.com/x#|fragment",
                "https://exa mple.com/x|URL",
                "https://example.com\\@169.254.169.254/|URL",
                "https://example_x.com/|host",
                "https://münchen.example/|host",
                "https://example.com:0/x|port",
                "https://example.com:65536/x|port",
                "https://example.com:99999999999/x|host",
                "https://example.com:8x/x|host",
                "https://127.0.0.1/|public",
                "https://10.1.2.3/|public",
                "https://169.254.169.254/latest/meta-data|public",
                "https://0.0.0.0/|public",
                "https://255.255.255.255/|public",
                "https://[::1]/|public",
                "https://[::]/|public",
                "https://[::ffff:127.0.0.1]/|public",
                "https://[::ffff:7f00:1]/|public",
                "https://[64:ff9b::10.0.0.1]/|public",
                "https://[64:ff9b:1::808:808]/|public",
                "https://[2002:7f00:1::1]/|public",
                "https://[fd00:ec2::254]/|public",
                "https://[fe80::1%25eth0]/|host",
                "https://[fe80::1%eth0]/|host",
                "https://2130706433/|host",
                "https://0x7f000001/|host",
                "https://017700000001/|host",
                "https://0x7f.1/|host",
                "https://127.1/|host",
                "https://127.0.1/|host",
                "https://0177.0.0.1/|host",
                "https://127.0.0.01/|host",
                "https://127.0.0.1./|host",
                "https://1.2.3.4.5/|host",
                "https://999.1.1.1/|host",
                "https://example.0x7f/|host",
                "https://[1.2.3.4]/|URL"
            })
    void other_url_is_invalid_with_the_reason(String text, String reason) {
        assertThat(NotificationUrl.read(text, false))
                .isInstanceOfSatisfying(NotificationUrl.ParseResult.Invalid.class, no -> {
                    assertThat(no.why()).contains(reason);
                    if (!text.isEmpty()) {
                        assertThat(no.why()).doesNotContain(text);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080/x",
                "http://localhost:8080/x",
                "https://10.0.0.1/x",
                "https://[::1]/x",
                "https://example.com/x"
            })
    void private_setting_allows_http_and_any_address(String text) {
        assertThat(NotificationUrl.read(text, true)).isInstanceOf(NotificationUrl.ParseResult.Valid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://127.0.0.1/",
                "http://user@127.0.0.1/",
                "http://127.0.0.1/#a",
                "http://127.1/",
                "http://2130706433/",
                "http://[fe80::1%25eth0]/"
            })
    void private_setting_still_rejects_ambiguous_urls(String text) {
        assertThat(NotificationUrl.read(text, true)).isInstanceOf(NotificationUrl.ParseResult.Invalid.class);
    }

    @Test
    void url_is_limited_to_2048_characters() {
        String base = "https://example.com/";

        assertThat(NotificationUrl.read(base + "x".repeat(NotificationUrl.LONGEST - base.length()), false))
                .isInstanceOf(NotificationUrl.ParseResult.Valid.class);
        assertThat(NotificationUrl.read(base + "x".repeat(NotificationUrl.LONGEST - base.length() + 1), false))
                .isInstanceOf(NotificationUrl.ParseResult.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "https://example.com https://example.com?token=a%20%3A%26b",
                "https://example.com/x https://example.com/x?token=a%20%3A%26b",
                "https://example.com/x? https://example.com/x?token=a%20%3A%26b",
                "https://example.com/x?a=b https://example.com/x?a=b&token=a%20%3A%26b",
                "https://example.com/x?a https://example.com/x?a&token=a%20%3A%26b",
                "https://example.com/é?a=ü https://example.com/%C3%A9?a=%C3%BC&token=a%20%3A%26b"
            })
    void option_is_added_to_any_query(String text, String wanted) {
        assertThat(valid(text).with("token", "a :&b")).hasToString(wanted);
    }

    /** No text causes an exception, and a parsed host is a name or an address in its usual form. */
    @Test
    void any_text_is_parsed_or_rejected() {
        SplittableRandom random = Seed.random("NotificationUrlTest");
        for (int i = 0; i < 20_000; i++) {
            String text = (random.nextBoolean() ? "https://" : "")
                    + Seed.text(random, 6)
                    + (random.nextBoolean() ? "/x" : "");
            if (NotificationUrl.read(text, random.nextBoolean()) instanceof NotificationUrl.ParseResult.Valid valid) {
                assertThat(valid.url().uri().getHost())
                        .as(text)
                        .matches("\\[[0-9a-fA-F:.]+]|[0-9]+(\\.[0-9]+){3}"
                                + "|([a-zA-Z0-9-]+\\.)*(?!0[xX][0-9a-fA-F]*\\.?$)[0-9]*[a-zA-Z-][a-zA-Z0-9-]*\\.?");
                assertThat(valid.url().with("a", text).getHost())
                        .isEqualTo(valid.url().uri().getHost());
            }
        }
    }

    private static NotificationUrl valid(String text) {
        if (NotificationUrl.read(text, false) instanceof NotificationUrl.ParseResult.Valid valid) {
            return valid.url();
        }
        throw new AssertionError(text + " is not valid");
    }
}
