package io.switchboard.local.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.ApiFunction;
import io.switchboard.http.Route;
import io.switchboard.identity.Permission;
import io.switchboard.local.deployment.HttpRoute;
import io.switchboard.local.deployment.RouteMatch;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares the operations of the document with the routes of template.yaml and the functions' route tables. */
class OpenApiRoutesTest {
    private static final DeployedFunctions DEPLOYED = DeployedFunctions.in(new Tables().environment());
    private static final ApiDescription API = ApiDescription.read();

    @Test
    void operations_equal_those_of_the_template_and_the_route_tables() {
        assertThat(documented().keySet()).isEqualTo(served().keySet());
    }

    @Test
    void operation_lists_the_permissions_of_its_route() {
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

    /** Returns the operations behind the routes with their permissions, any of which suffices. */
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
    void every_function_route_has_a_template_route_with_the_required_authorization() {
        DEPLOYED.byName().forEach((name, function) -> {
            for (Route route : function.routes().routes()) {
                HttpRoute httpRoute = httpRoute(route);
                boolean isHere = httpRoute.function().equals(name);

                assertThat(isHere)
                        .as("%s %s is routed by %s", route.method(), route.pattern(), httpRoute.routeKey())
                        .isEqualTo(route.operation() != null);
                if (isHere) {
                    assertThat(httpRoute.authorized())
                            .as("%s requires a token", httpRoute.routeKey())
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
    void head_of_every_get_route_reaches_the_same_function_with_the_same_authorization() {
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
    void head_returns_the_status_and_headers_of_get_without_a_body() {
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
                    FunctionResponse get = each.sendTo(function);
                    assertThat(get.status()).as(path).isNotEqualTo(405);
                    each.asHead().sendTo(function).isHeadOf(get);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    @Test
    void every_route_with_a_token_has_an_operation() {
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

    private static boolean serves(ApiFunction function, Route requested) {
        return function.routes().routes().stream()
                .anyMatch(route -> route.operation() != null
                        && route.method().equals(requested.method())
                        && route.pattern().equals(requested.pattern()));
    }

    private static Set<String> claims(Route route) {
        var claims = new TreeSet<String>();
        for (Permission permission : route.anyOf()) {
            claims.add(permission.claim());
        }
        return claims;
    }
}
