package io.switchboard.local.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.ApiFunction;
import io.switchboard.http.Route;
import io.switchboard.identity.Permission;
import io.switchboard.local.deployment.HttpRoute;
import io.switchboard.local.deployment.RouteMatch;
import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.Tables;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What can be called: by the document, and by the routes of template.yaml with the functions' route tables behind them. */
class OpenApiRoutesTest {
    private static final DeployedFunctions DEPLOYED = DeployedFunctions.in(new Tables().environment());
    private static final ApiDescription API = ApiDescription.read();

    @Test
    void the_operations_are_those_of_the_template_and_of_route_tables_and_no_other() {
        assertThat(documented().keySet()).isEqualTo(served().keySet());
    }

    @Test
    void an_operation_names_the_permissions_of_its_route() {
        var documented = documented();
        var served = served();
        documented.keySet().retainAll(served.keySet());
        served.keySet().retainAll(documented.keySet());

        assertThat(documented).isNotEmpty().isEqualTo(served);
    }

    private static Map<String, Set<String>> documented() {
        var documented = new TreeMap<String, Set<String>>();
        for (ApiDescription.Operation operation : API.operations()) {
            documented.put(operation.method() + " " + operation.pattern(), operation.permissions());
        }
        return documented;
    }

    /** The operations behind a route, with the permissions of which any is enough. */
    private static Map<String, Set<String>> served() {
        var served = new TreeMap<String, Set<String>>();
        DEPLOYED.byName().forEach((name, function) -> {
            for (Route route : function.routes().routes()) {
                if (route.operation() != null && httpRoute(route).function().equals(name)) {
                    served.put(route.method() + " " + route.pattern(), claims(route));
                }
            }
        });
        return served;
    }

    @Test
    void
            every_route_of_a_function_is_reached_through_a_route_of_the_template_which_asks_for_a_token_unless_the_route_is_open() {
        DEPLOYED.byName().forEach((name, function) -> {
            for (Route route : function.routes().routes()) {
                HttpRoute httpRoute = httpRoute(route);
                boolean isHere = httpRoute.function().equals(name);

                assertThat(isHere)
                        .as("%s %s comes in by %s", route.method(), route.pattern(), httpRoute.routeKey())
                        .isEqualTo(route.operation() != null);
                if (isHere) {
                    assertThat(httpRoute.authorized())
                            .as("%s asks for a token", httpRoute.routeKey())
                            .isEqualTo(!route.isOpen());
                } else {
                    assertThat(serves(DEPLOYED.named(httpRoute.function()), route))
                            .as("%s serves %s %s", httpRoute.function(), route.method(), route.pattern())
                            .isTrue();
                }
            }
        });
    }

    @Test
    void head_of_every_get_route_reaches_the_same_function_and_asks_for_a_token_alike() {
        DEPLOYED.byName().forEach((name, function) -> {
            for (Route route : function.routes().routes()) {
                if (route.method().equals("GET")) {
                    HttpRoute head = headRoute(route);
                    assertThat(head.function()).as(route.pattern()).isEqualTo(name);
                    assertThat(head.authorized()).as(route.pattern()).isEqualTo(!route.isOpen());
                }
            }
        });
    }

    @Test
    void every_get_operation_answers_head_with_its_status_and_headers_and_no_body() {
        int compared = 0;
        for (ApiDescription.Operation operation : API.operations()) {
            if (operation.method().equals("GET")) {
                String path = operation.pattern().replaceAll("[{}]", "");
                ApiFunction function = DEPLOYED.named(DEPLOYED.deployment()
                        .match("HEAD", path)
                        .map(match -> match.route().function())
                        .orElseThrow());
                ApiEvent event = ApiEvent.of("GET", path)
                        .header("accept-encoding", "gzip")
                        .permissions(
                                "Sessions.ReadWrite Sessions.ReadWrite.All Templates.ReadWrite CallRecords.ReadWrite.All");
                for (ApiEvent each : List.of(
                        event, event.copy().permissions("none"), event.copy().query("x", "y"))) {
                    Answer get = each.sendTo(function);
                    assertThat(get.status()).as(path).isNotEqualTo(405);
                    each.asHead().sendTo(function).isHeadOf(get);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    @Test
    void every_route_that_asks_for_a_token_leads_somewhere() {
        var used = new TreeSet<String>();
        DEPLOYED.byName().forEach((name, function) -> {
            for (Route route : function.routes().routes()) {
                used.add(httpRoute(route).routeKey());
                if (route.method().equals("GET")) {
                    used.add(headRoute(route).routeKey());
                }
            }
        });

        assertThat(DEPLOYED.deployment().routes())
                .filteredOn(HttpRoute::authorized)
                .extracting(HttpRoute::routeKey)
                .isSubsetOf(used);
    }

    private static HttpRoute httpRoute(Route route) {
        return DEPLOYED.deployment()
                .match(route.method(), route.pattern().replaceAll("[{}]", ""))
                .map(RouteMatch::route)
                .orElseThrow();
    }

    private static HttpRoute headRoute(Route route) {
        return DEPLOYED.deployment()
                .match("HEAD", route.pattern().replaceAll("[{}]", ""))
                .map(RouteMatch::route)
                .orElseThrow();
    }

    private static boolean serves(ApiFunction function, Route wanted) {
        return function.routes().routes().stream()
                .anyMatch(route -> route.operation() != null
                        && route.method().equals(wanted.method())
                        && route.pattern().equals(wanted.pattern()));
    }

    private static Set<String> claims(Route route) {
        var claims = new TreeSet<String>();
        for (Permission permission : route.anyOf()) {
            claims.add(permission.claim());
        }
        return claims;
    }
}
