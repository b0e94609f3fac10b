package io.switchboard.local.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The alarms and the dashboard of a deployment named {@code switchboard}. Every resource is its logical id.
 *
 * @param alarms the properties by name, without the stack's name as a prefix
 * @param widgets the widgets of the dashboard, each metric with its full row
 */
record Monitoring(Map<String, JsonNode> alarms, List<JsonNode> widgets, String dashboardName) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STACK = "switchboard-";
    private static final Map<String, String> REQUIRED =
            Map.of("Issuer", "https://login.example.com/v2.0", "Audience", "switchboard", "ReleaseId", "1");

    Monitoring {
        alarms = Collections.unmodifiableMap(new LinkedHashMap<>(alarms));
        widgets = List.copyOf(widgets);
    }

    static Monitoring of(SamTemplate template) {
        var intrinsics = new Intrinsics(
                TemplateParameters.of(template.parameters(), REQUIRED), template.conditions(), template.resources());
        var alarms = new LinkedHashMap<String, JsonNode>();
        for (var alarm : template.resourcesOfType(SamTemplate.ALARM)) {
            var condition = template.resources().path(alarm).path("Condition");
            if (condition.isMissingNode() || intrinsics.holds(condition.asText())) {
                var properties = intrinsics.resolve(template.properties(alarm), alarm);
                var name = properties.path("AlarmName").asText();
                if (!name.startsWith(STACK) || alarms.put(name.substring(STACK.length()), properties) != null) {
                    throw new AssertionError(
                            "The name of an alarm must be unique and begin with the name of the stack: " + name);
                }
            }
        }
        var dashboards = template.resourcesOfType("AWS::CloudWatch::Dashboard");
        if (dashboards.size() != 1) {
            throw new AssertionError("The stack must have exactly one dashboard: " + dashboards);
        }
        var dashboard = intrinsics.resolve(template.properties(dashboards.getFirst()), "Dashboard");
        var widgets = new ArrayList<JsonNode>();
        try {
            JSON.readTree(dashboard.path("DashboardBody").asText())
                    .path("widgets")
                    .forEach(widget -> {
                        expand(widget.path("properties").path("metrics"));
                        widgets.add(widget);
                    });
        } catch (JsonProcessingException e) {
            throw new AssertionError(dashboard.path("DashboardBody").asText(), e);
        }
        return new Monitoring(alarms, widgets, dashboard.path("DashboardName").asText());
    }

    /** Expands "..." in a row, which repeats the values of the previous row. */
    private static void expand(JsonNode rows) {
        var before = new ArrayList<JsonNode>();
        rows.forEach(row -> {
            if (row.path(0).asText().equals("...")) {
                var own = new ArrayList<JsonNode>();
                row.forEach(own::add);
                long texts = own.stream().filter(JsonNode::isTextual).count();
                var expanded = (ArrayNode) row;
                expanded.removeAll();
                before.subList(0, before.size() - (int) texts + 1).forEach(expanded::add);
                own.subList(1, own.size()).forEach(expanded::add);
            }
            before.clear();
            row.forEach(value -> {
                if (value.isTextual()) {
                    before.add(value);
                }
            });
        });
    }

    /** Returns the rows of all widgets that show a metric. */
    List<JsonNode> rows() {
        var rows = new ArrayList<JsonNode>();
        widgets.forEach(widget -> widget.path("properties").path("metrics").forEach(row -> {
            if (row.path(0).isTextual()) {
                rows.add(row);
            }
        }));
        return rows;
    }

    /** Returns the names of the metrics that the dashboard shows for a resource, identified by its dimension. */
    List<String> metricsOf(String resource) {
        return rows().stream()
                .filter(row -> row.path(3).asText().equals(resource))
                .map(row -> row.path(1).asText())
                .distinct()
                .toList();
    }

    /** Returns the names of the alarms that the dashboard shows. */
    List<String> shownAlarms() {
        var names = new ArrayList<String>();
        widgets.forEach(widget -> widget.path("properties")
                .path("alarms")
                .forEach(alarm -> names.add(
                        alarm.asText().replaceFirst("arn:aws:cloudwatch:us-east-1:000000000000:alarm:" + STACK, ""))));
        return names;
    }
}
