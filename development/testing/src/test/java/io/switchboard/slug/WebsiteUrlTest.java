package io.switchboard.slug;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.PercentEncoding;
import io.switchboard.text.Seed;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebsiteUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "HTTPS://Example.com/",
                "https://example.com:8443/a?b#c",
                "https://a-b.example.com?q=",
                "https://10.0.0.1/",
                "https://example.com#x",
                "https://example.com/{slug}?{q}"
            })
    void literal_host_is_recognised(String url) {
        assertThat(WebsiteUrl.hasLiteralHost(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://",
                "https:///",
                "http://example.com/",
                "example.com",
                "//example.com",
                "https:/example.com",
                "https://{host}/",
                "https://example.com{x}/",
                "https://{x}.example.com/",
                "https://user@example.com/",
                "https://example.com@evil.test/",
                "https://exa mple.com/",
                "https://example.com:/",
                "https://example.com:x/",
                "https://example.com:{port}/",
                "https://.example.com/",
                "https://-example.com/",
                "https://é.example/",
                "https://[::1]/",
                "https://example.com%2e.evil.test/",
                " https://example.com/",
                "https://example.com\\@evil.test/",
                "https://example.com\\.evil.test/",
                "https://\\example.com/",
                "https://example.com\n.evil.test/",
                "javascript:alert(1)",
                "https://?example.com",
                "https://#x"
            })
    void other_url_has_no_literal_host(String url) {
        assertThat(WebsiteUrl.hasLiteralHost(url)).isFalse();
    }

    private static String label(int length) {
        return "a".repeat(length);
    }

    @Test
    void host_that_browsers_open_is_accepted() {
        for (String authority : List.of(
                "example.com",
                "EXAMPLE.com",
                "localhost",
                "a-b.example.com",
                "r3---sn-x.example.com",
                "xn--bcher-kva.example",
                "example.com.",
                "example.com:1",
                "example.com:65535",
                "1e100.net",
                "3com.com",
                "0.0.0.0",
                "192.0.2.1",
                "192.0.2.255:8443",
                label(63) + ".example",
                label(63) + "." + label(63) + "." + label(63) + "." + label(61))) {
            assertThat(WebsiteUrl.requirement("https://" + authority + "/?q={x}"))
                    .as(authority)
                    .isNull();
            assertThat(WebsiteUrl.isOpenable("https://" + authority))
                    .as(authority)
                    .isTrue();
        }
    }

    @Test
    void host_that_browsers_do_not_open_is_rejected() {
        for (String authority : List.of(
                "example.com:0",
                "example.com:65536",
                "example.com:99999",
                "example.com:123456789012345678901",
                "example..com",
                "example.com..",
                ".",
                "a.-b.example",
                "a-.example",
                "example.com-",
                "xn--.example",
                "under_score.example",
                label(64) + ".example",
                label(63) + "." + label(63) + "." + label(63) + "." + label(62),
                "2130706433",
                "0x7f000001",
                "0x",
                "127.1",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "192.0.2.01",
                "192.0.2.0x1",
                "192.0.2.1.",
                "example.0x7f",
                "example.123")) {
            String url = "https://" + authority + "/";
            assertThat(WebsiteUrl.isOpenable(url)).as(authority).isFalse();
            assertThat(WebsiteUrl.requirement(url)).as(authority).isNotNull();
        }
    }

    @Test
    void stored_url_keeps_its_host() {
        assertThat(WebsiteUrl.hasLiteralHost("https://example..com:99999/")).isTrue();
        assertThat(WebsiteUrl.haveSameHost("https://example..com:99999/a", "https://example..com:99999/b"))
                .isTrue();
    }

    @Test
    void allowed_host_matches_its_own_urls_only() {
        List<String> hosts = List.of("Help.contoso.com", "other.example:8443");
        for (String url : List.of(
                "https://help.contoso.com",
                "HTTPS://HELP.contoso.com/a?b#c",
                "https://help.contoso.com:443/",
                "https://other.example:8443/x")) {
            assertThat(WebsiteUrl.isOnOneOf(hosts, url)).as(url).isTrue();
        }
        for (String url : List.of(
                "https://contoso.com/",
                "https://a.help.contoso.com/",
                "https://help.contoso.com.evil.test/",
                "https://help.contoso.com@evil.test/",
                "https://help.contoso.com:444/",
                "https://other.example/",
                "http://help.contoso.com/",
                "https:help.contoso.com/",
                "//help.contoso.com/",
                "https://evil.test/?https://help.contoso.com/",
                "javascript:alert(1)",
                "")) {
            assertThat(WebsiteUrl.isOnOneOf(hosts, url)).as(url).isFalse();
        }
    }

    @Test
    void hosts_are_compared_ignoring_case_and_with_ports() {
        assertThat(WebsiteUrl.haveSameHost("https://EXAMPLE.com/a", "https://example.com?b"))
                .isTrue();
        assertThat(WebsiteUrl.haveSameHost("https://example.com:1/", "https://example.com:1/"))
                .isTrue();
        assertThat(WebsiteUrl.haveSameHost("https://example.com:1/", "https://example.com/"))
                .isFalse();
        assertThat(WebsiteUrl.haveSameHost("https://example.com.evil.test/", "https://example.com/"))
                .isFalse();
        assertThat(WebsiteUrl.haveSameHost("https://evil.test/https://example.com/", "https://example.com/"))
                .isFalse();
        assertThat(WebsiteUrl.haveSameHost("nonsense", "nonsense")).isFalse();
    }

    @Test
    void data_is_appended_after_the_host() {
        assertThat(WebsiteUrl.append("https://example.com/?q=", "x")).isEqualTo("https://example.com/?q=x");
        assertThat(WebsiteUrl.append("https://example.com", "x")).isEqualTo("https://example.com/x");
        assertThat(WebsiteUrl.append("https://example.com:8", "0")).isEqualTo("https://example.com:8/0");
        assertThat(WebsiteUrl.append("https://example.com", "/x")).isEqualTo("https://example.com/x");
        assertThat(WebsiteUrl.append("https://example.com", "")).isEqualTo("https://example.com");
        assertThat(WebsiteUrl.append("https://example.com", ".evil.test")).isEqualTo("https://example.com/.evil.test");
    }

    @Test
    void data_cannot_change_the_host() {
        SplittableRandom random = Seed.random("data_cannot_change_the_host");
        List<String> bases = List.of(
                "https://example.com",
                "https://example.com/",
                "https://example.com:8443",
                "https://example.com/a?q=",
                "https://example.com?q",
                "https://example.com#");
        for (int i = 0; i < 5_000; i++) {
            String base = bases.get(random.nextInt(bases.size()));
            String data = Seed.text(random, 10);
            for (String encoded : List.of(PercentEncoding.ofValue(data), PercentEncoding.ofUrlText(data))) {
                String url = WebsiteUrl.append(base, encoded);
                assertThat(host(url)).as(url).isEqualTo("example.com");
            }
        }
    }

    @Test
    void url_of_a_caller_that_passes_the_check_has_the_same_host() {
        SplittableRandom random = Seed.random("url_of_a_caller_that_passes_the_check_has_the_same_host");
        for (int i = 0; i < 20_000; i++) {
            String url = "https://example.com" + Seed.text(random, 3) + "evil.test/" + Seed.text(random, 3);
            if (WebsiteUrl.haveSameHost(url, "https://example.com/")) {
                assertThat(host(PercentEncoding.ofUrlText(url))).as(url).isEqualTo("example.com");
            }
        }
    }

    /** Returns the host by java.net.URI, which does not accept brackets outside of a host or a second hash. */
    private static @Nullable String host(String url) {
        String taken = url.replace('[', '(').replace(']', ')');
        int hash = taken.indexOf('#');
        return URI.create(
                        hash < 0
                                ? taken
                                : taken.substring(0, hash + 1)
                                        + taken.substring(hash + 1).replace("#", ""))
                .getHost();
    }
}
