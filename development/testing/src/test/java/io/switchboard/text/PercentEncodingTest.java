package io.switchboard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PercentEncodingTest {
    @Test
    void value_keeps_unreserved_characters_only() {
        assertThat(PercentEncoding.ofValue("aZ09-._~")).isEqualTo("aZ09-._~");
        assertThat(PercentEncoding.ofValue(" /?#%&=+:@'\"\\{}é😀\u0000"))
                .isEqualTo("%20%2F%3F%23%25%26%3D%2B%3A%40%27%22%5C%7B%7D%C3%A9%F0%9F%98%80%00");
    }

    @Test
    void url_text_keeps_the_characters_of_urls() {
        assertThat(PercentEncoding.ofUrlText("https://example.com/a%20b?q=1&r=[x]#f"))
                .isEqualTo("https://example.com/a%20b?q=1&r=[x]#f");
        assertThat(PercentEncoding.ofUrlText("a b\"<>\\^`{|}é%zz%4"))
                .isEqualTo("a%20b%22%3C%3E%5C%5E%60%7B%7C%7D%C3%A9%25zz%254");
    }

    @Test
    void encoded_value_decodes_to_the_original() {
        SplittableRandom random = Seed.random("encoded_value_decodes_to_the_original");
        for (int i = 0; i < 5_000; i++) {
            String text = Seed.text(random, 12);
            String encoded = PercentEncoding.ofValue(text);
            assertThat(encoded).matches("[A-Za-z0-9._~%-]*");
            assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(text);
            String urlText = PercentEncoding.ofUrlText(text);
            assertThat(PercentEncoding.ofUrlText(urlText)).isEqualTo(urlText);
        }
    }
}
