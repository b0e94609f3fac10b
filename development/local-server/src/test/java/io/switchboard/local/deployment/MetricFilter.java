package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A metric filter of a deployment named {@code switchboard}.
 *
 * @param logGroup the name of the log group; for the access log its logical id
 * @param member the member whose value is the metric
 * @param dimensions the members whose values are the dimensions
 */
record MetricFilter(
        String logGroup,
        String pattern,
        String namespace,
        String metric,
        String member,
        String unit,
        List<String> dimensions) {
    private static final Pattern LINES_WITH_MEMBER =
            Pattern.compile("\\{ \\(\\$\\.(\\w+) >= 0\\) && \\(\\$\\._aws NOT EXISTS\\) }");
    private static final Map<String, String> REQUIRED = Map.of(
            "Issuer", "https://login.example.com/v2.0", "Audience", "switchboard", "ReleaseId", "1", "Push", "appsync");

    MetricFilter {
        dimensions = List.copyOf(dimensions);
    }

    /** Returns the filters whose condition holds. */
    static List<MetricFilter> of(SamTemplate template) {
        var intrinsics = intrinsics(template);
        var filters = new ArrayList<MetricFilter>();
        for (var filter : template.resourcesOfType("AWS::Logs::MetricFilter")) {
            var condition = template.resources().path(filter).path("Condition");
            if (condition.isMissingNode() || intrinsics.holds(condition.asText())) {
                filters.add(of(intrinsics.resolve(template.properties(filter), filter)));
            }
        }
        return filters;
    }

    private static MetricFilter of(JsonNode properties) {
        var transformation = properties.path("MetricTransformations").path(0);
        var dimensions = new ArrayList<String>();
        transformation.path("Dimensions").forEach(dimension -> {
            if (!dimension
                            .path("Value")
                            .asText()
                            .equals("$." + dimension.path("Key").asText())
                    && !dimension.path("Key").asText().equals("ApiId")) {
                throw new AssertionError("The dimension is not the member of its name: " + dimension);
            }
            dimensions.add(dimension.path("Key").asText());
        });
        return new MetricFilter(
                properties.path("LogGroupName").asText(),
                properties.path("FilterPattern").asText(),
                transformation.path("MetricNamespace").asText(),
                transformation.path("MetricName").asText(),
                transformation.path("MetricValue").asText().replaceFirst("^\\$\\.", ""),
                transformation.path("Unit").asText(),
                dimensions);
    }

    /** Returns the filters of a function's log group. */
    static List<MetricFilter> ofFunction(SamTemplate template, String function) {
        var logs = template.properties(function)
                .path("LoggingConfig")
                .path("LogGroup")
                .path("Ref")
                .asText();
        var logGroup = intrinsics(template)
                .resolve(template.properties(logs), logs)
                .path("LogGroupName")
                .asText();
        return of(template).stream()
                .filter(filter -> filter.logGroup.equals(logGroup))
                .toList();
    }

    /** Returns whether the filter finds a line and takes the value and all dimensions from it. */
    boolean finds(JsonNode line) {
        var found = LINES_WITH_MEMBER.matcher(pattern);
        return found.matches()
                && found.group(1).equals(member)
                && line.path(member).isNumber()
                && !line.has("_aws")
                && dimensions.stream().allMatch(line::hasNonNull);
    }

    private static Intrinsics intrinsics(SamTemplate template) {
        return new Intrinsics(
                TemplateParameters.of(template.parameters(), REQUIRED), template.conditions(), template.resources());
    }
}
