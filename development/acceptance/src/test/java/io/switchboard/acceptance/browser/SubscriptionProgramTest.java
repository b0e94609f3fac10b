package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.identity.CallerClaims;
import io.switchboard.session.Owner;
import io.switchboard.sessions.push.PushChannel;
import io.switchboard.text.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tests the program of {@code push.yaml} that admits subscribers. It runs in Chromium with the functions of AppSync
 * that it uses; {@code util} works as AWS documents it. AppSync itself does not run.
 */
@NeedsBrowser
class SubscriptionProgramTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root", "../.."));

    private static final String RUN = """
            ([program, cases]) => {
              const util = {
                base64Encode: text => btoa(String.fromCharCode(...new TextEncoder().encode(text))),
                base64Decode: text => new TextDecoder().decode(Uint8Array.from(atob(text), character => character.charCodeAt(0))),
                unauthorized() { throw new Error('Unauthorized'); },
              };
              const onSubscribe = new Function('util', `'use strict'; ${program}; return onSubscribe;`)(util);
              return JSON.parse(cases).map(({ claims, path }) => {
                try {
                  const segments = path.split('/').slice(1);
                  onSubscribe({ identity: { claims }, info: { channel: { path, segments }, operation: 'SUBSCRIBE' } });
                  return true;
                } catch (error) {
                  if (error.message !== 'Unauthorized') throw error;
                  return false;
                }
              });
            }
            """;

    private final ArrayNode cases = JSON.createArrayNode();

    private static String code() throws IOException {
        var found = Pattern.compile("(?s)- \\|\n(.*?)\n {10}- EncodedAudience")
                .matcher(Files.readString(ROOT.resolve("push.yaml")));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** Returns the program as CloudFormation creates it, without the import. */
    private static String program(String audience, String tenantClaim, String fixedTenant) throws IOException {
        return code().replace("import { util } from '@aws-appsync/utils';", "")
                .replace("export function", "function")
                .replace(
                        "${EncodedAudience}",
                        Base64.getEncoder().encodeToString(audience.getBytes(StandardCharsets.UTF_8)))
                .replace("${TenantClaim}", tenantClaim)
                .replace("${FixedTenant}", fixedTenant);
    }

    private static ObjectNode claims(String tenant, String user) {
        return JSON.createObjectNode()
                .put("aud", "switchboard")
                .put("tid", tenant)
                .put("sub", user)
                .put("azp", "desk")
                .put("scp", "Sessions.ReadWrite");
    }

    private static String channel(String tenant, String user) {
        return PushChannel.of(new Owner(tenant, user)).orElseThrow();
    }

    private void add(JsonNode claims, String path) {
        cases.addObject().put("path", path).set("claims", claims);
    }

    private List<?> run(Windows windows, String program) {
        var admitted =
                (List<?>) windows.openClient(Agent.any()).page().evaluate(RUN, List.of(program, cases.toString()));
        cases.removeAll();
        return admitted;
    }

    private List<?> run(Windows windows) throws IOException {
        return run(windows, program("switchboard", "tid", ""));
    }

    /** AppSync's JavaScript does not have these. */
    @Test
    void program_uses_no_unsupported_syntax() throws IOException {
        assertThat(code().replaceAll("//[^\n]*", ""))
                .doesNotContainPattern("\\b(while|try|catch|throw|continue|class|async|await|new|this|in)\\b")
                .doesNotContain("++", "--", "~")
                .doesNotContainPattern("for \\((let|const|var) \\w+ =")
                .doesNotContainPattern("(?<![/'(])/[^/ ]+/[gimsuy]*\\.");
    }

    @Test
    void user_is_admitted_to_the_own_channel_only(Windows windows) throws IOException {
        var alice = claims("contoso", "alice");
        String own = channel("contoso", "alice");
        add(alice, own);
        for (var path : List.of(
                channel("contoso", "bob"),
                channel("fabrikam", "alice"),
                own.substring(0, own.lastIndexOf('/')) + "/*",
                "/desk/*",
                "/*",
                "/desk/*/*",
                "/desk",
                own + "/more",
                own + "/*",
                own.replace("/desk/", "/desks/"),
                "/desk//",
                "/desk/contoso/alice",
                "")) {
            add(alice, path);
        }
        var admitted = run(windows);
        assertThat(admitted.getFirst()).isEqualTo(true);
        assertThat(admitted.subList(1, admitted.size())).allMatch(Boolean.FALSE::equals);
    }

    @Test
    void token_must_name_the_audience_exactly_and_a_user(Windows windows) throws IOException {
        String own = channel("contoso", "alice");
        var several = claims("contoso", "alice");
        several.putArray("aud").add("another").add("switchboard");
        var ofClient = claims("contoso", "alice").put("client_id", "switchboard");
        ofClient.remove("aud");
        var scopes = claims("contoso", "alice");
        scopes.remove("scp");
        scopes.putArray("scope").add("Sessions.Read");
        var withObject = claims("contoso", "x").put("oid", "alice");
        for (var accepted : List.of(claims("contoso", "alice"), several, ofClient, scopes, withObject)) {
            add(accepted, own);
        }
        int accepted = cases.size();
        var withoutScope = claims("contoso", "alice");
        withoutScope.remove("scp");
        var withoutAudience = claims("contoso", "alice");
        withoutAudience.remove("aud");
        var numberOfTenant = claims("", "alice").put("tid", 7);
        for (var refused : List.of(
                claims("contoso", "alice").put("aud", "switchboard2"),
                claims("contoso", "alice").put("aud", "s.itchboard"),
                claims("contoso", "alice").put("idtyp", "app"),
                claims("contoso", "alice").put("azp", "alice"),
                claims("contoso", "alice").put("scp", " "),
                claims("contoso", "alice").put("oid", "bob"),
                claims("contoso", ""),
                claims("", "alice"),
                numberOfTenant,
                withoutScope,
                withoutAudience)) {
            add(refused, own);
        }
        var admitted = run(windows);
        assertThat(admitted.subList(0, accepted)).allMatch(Boolean.TRUE::equals);
        assertThat(admitted.subList(accepted, admitted.size())).allMatch(Boolean.FALSE::equals);
    }

    @Test
    void parameters_of_the_stack_decide_the_tenant(Windows windows) throws IOException {
        var other = claims("fabrikam", "alice").put("org_id", "contoso");
        add(other, channel("contoso", "alice"));
        add(other, channel("fabrikam", "alice"));
        assertThat(run(windows, program("switchboard", "org_id", ""))).isEqualTo(List.of(true, false));
        add(other, channel("northwind", "alice"));
        add(other, channel("fabrikam", "alice"));
        assertThat(run(windows, program("it's \\ switchboard,switchboard", "tid", "northwind")))
                .isEqualTo(List.of(true, false));
    }

    /** Random tokens, and channels of their users, of others and damaged ones. */
    @Test
    void program_admits_exactly_the_channel_of_the_caller(Windows windows) throws IOException {
        var random = new Random(Seed.number("subscriptions", 53));
        var callers = new CallerClaims("tid", "");
        List<Boolean> expected = new ArrayList<>();
        List<Optional<String>> channels = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            var claims = claims(id(random), id(random));
            if (random.nextInt(4) == 0) {
                claims.put("oid", id(random));
            }
            if (random.nextInt(8) == 0) {
                claims.put("azp", claims.path("sub").asText());
            }
            Map<String, String> texts = new LinkedHashMap<>();
            claims.properties()
                    .forEach(claim -> texts.put(claim.getKey(), claim.getValue().asText()));
            Optional<String> own = callers.read(texts)
                    .flatMap(caller -> Optional.ofNullable(caller.user())
                            .flatMap(user -> PushChannel.of(new Owner(caller.tenant(), user))));
            channels.add(own);
            String path =
                    switch (random.nextInt(4)) {
                        case 0 -> "/desk/" + id(random) + "/" + id(random);
                        case 1 -> channels.get(random.nextInt(channels.size())).orElse("/desk/*/*");
                        case 2 -> own.map(channel -> damaged(channel, random)).orElse("/desk/YQ/*");
                        default -> own.orElse("/desk/YQ/YQ");
                    };
            add(claims, path);
            expected.add(own.filter(path::equals).isPresent());
        }
        assertThat(expected).contains(true, false);
        assertThat(run(windows)).isEqualTo(expected);
    }

    private static String damaged(String channel, Random random) {
        int at = random.nextInt(channel.length());
        return channel.substring(0, at) + "*/aA-_=Z".charAt(random.nextInt(8)) + channel.substring(at + 1);
    }

    private static String id(Random random) {
        StringBuilder id = new StringBuilder();
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            id.append("abAB01*-_?~=+/\u00e9\u4e16".charAt(random.nextInt(16)));
        }
        return id.toString();
    }
}
