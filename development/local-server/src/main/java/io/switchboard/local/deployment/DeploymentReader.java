package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;

/** Reads a {@link Deployment} from a template, its parameters and its nested stacks. */
final class DeploymentReader {
    private static final Pattern STREAM = Pattern.compile("arn:.*:table/([^/]+)/stream/.*");
    private static final Pattern ALIAS = Pattern.compile("arn:.*:function:(\\w+):\\w+");
    private static final String CORS = "x-amazon-apigateway-cors";
    private static final List<String> IGNORED_TABLE_PROPERTIES = List.of(
            "DeletionProtectionEnabled",
            "PointInTimeRecoverySpecification",
            "SSESpecification",
            "TableName",
            "Tags",
            "TimeToLiveSpecification");
    private static final List<String> IGNORED_QUEUE_PROPERTIES =
            List.of("MessageRetentionPeriod", "SqsManagedSseEnabled", "Tags");

    private final SamTemplate template;
    private final Path file;
    private final Intrinsics intrinsics;

    DeploymentReader(SamTemplate template, Path file, Map<String, String> parameters, String queues) {
        this.template = template;
        this.file = file.toAbsolutePath();
        this.intrinsics = new Intrinsics(
                TemplateParameters.of(template.parameters(), parameters),
                template.conditions(),
                template.resources(),
                queues);
    }

    Deployment deployment() {
        var apis = present(SamTemplate.HTTP_API);
        if (apis.size() != 1) {
            throw new TemplateException(
                    file + " must have exactly one " + SamTemplate.HTTP_API + ", but has " + apis.size());
        }
        var api = apis.getFirst();
        var apiProperties = template.properties(api);
        var functions = new LinkedHashMap<String, LambdaFunction>();
        var routes = new ArrayList<HttpRoute>();
        for (var logicalId : present(SamTemplate.FUNCTION)) {
            var properties = template.properties(logicalId);
            functions.put(logicalId, function(logicalId, properties));
            routes.addAll(routes(logicalId, properties.path("Events"), api, apiProperties.path("Auth")));
        }
        var tables = present(SamTemplate.TABLE).stream().map(this::table).toList();
        var queues = present(SamTemplate.QUEUE).stream().map(this::queue).toList();
        var eventSources = present(SamTemplate.EVENT_SOURCE_MAPPING).stream()
                .map(this::eventSource)
                .toList();
        return new Deployment(
                functions,
                routes,
                tables,
                queues,
                eventSources,
                cors(api, apiProperties),
                authorizer(api, apiProperties));
    }

    private List<String> present(String type) {
        return template.resourcesOfType(type).stream()
                .filter(logicalId -> {
                    var condition = template.resources().path(logicalId).path("Condition");
                    return condition.isMissingNode() || intrinsics.holds(condition.asText());
                })
                .toList();
    }

    private LambdaFunction function(String logicalId, JsonNode properties) {
        var handler = text(logicalId, properties, "Handler");
        var environment = new LinkedHashMap<String, String>();
        var variables = properties.path("Environment").path("Variables");
        var where = logicalId + ".Environment.Variables";
        intrinsics.resolve(variables, where).properties().forEach(variable -> {
            if (!variable.getValue().isValueNode()) {
                throw new TemplateException(where + '.' + variable.getKey() + " must be a string");
            }
            environment.put(variable.getKey(), variable.getValue().asText());
        });
        var method = handler.indexOf("::");
        return new LambdaFunction(
                logicalId,
                method < 0 ? handler : handler.substring(0, method),
                environment,
                number(logicalId, properties, "Timeout", 3),
                number(logicalId, properties, "MemorySize", 128),
                file.resolveSibling(text(logicalId, properties, "CodeUri")));
    }

    private List<HttpRoute> routes(String function, JsonNode events, String api, JsonNode auth) {
        var routes = new ArrayList<HttpRoute>();
        events.properties().forEach(event -> {
            if (!event.getValue().path("Type").asText().equals("HttpApi")) {
                return;
            }
            var where = function + ".Events." + event.getKey();
            var properties = event.getValue().path("Properties");
            if (!text(where, properties, "ApiId").equals(api)) {
                throw new TemplateException(where + ": ApiId must be !Ref " + api);
            }
            routes.add(new HttpRoute(
                    properties.path("Method").asText(HttpRoute.ANY),
                    properties.path("Path").asText(HttpRoute.DEFAULT),
                    isAuthorized(where, properties.path("Auth"), auth),
                    function));
        });
        return routes;
    }

    private static boolean isAuthorized(String where, JsonNode own, JsonNode ofApi) {
        var authorizer =
                own.path("Authorizer").asText(ofApi.path("DefaultAuthorizer").asText("NONE"));
        if (authorizer.equals("NONE")) {
            return false;
        }
        if (!ofApi.path("Authorizers").has(authorizer)) {
            throw new TemplateException(where + ": the API does not define the authorizer " + authorizer);
        }
        return true;
    }

    private JwtAuthorizer authorizer(String api, JsonNode properties) {
        var auth = properties.path("Auth");
        var name = auth.path("DefaultAuthorizer").asText();
        var where = api + ".Auth.Authorizers." + name;
        var jwt = intrinsics.resolve(
                auth.path("Authorizers").path(name).path("JwtConfiguration"), where + ".JwtConfiguration");
        if (!jwt.hasNonNull("issuer") || !jwt.hasNonNull("audience")) {
            throw new TemplateException(where + " must have a JwtConfiguration with issuer and audience");
        }
        return new JwtAuthorizer(jwt.path("issuer").asText(), texts(jwt.path("audience")));
    }

    private EventSource eventSource(String logicalId) {
        var properties = template.properties(logicalId);
        var alias = ALIAS.matcher(text(logicalId, properties, "FunctionName"));
        var source = text(logicalId, properties, "EventSourceArn");
        var stream = STREAM.matcher(source);
        var queue = source.substring(source.lastIndexOf(':') + 1);
        boolean isQueue = template.resourcesOfType(SamTemplate.QUEUE).contains(queue);
        boolean isAlias = alias.matches()
                && template.resourcesOfType(SamTemplate.FUNCTION).contains(alias.group(1));
        if (!isAlias || !(isQueue || stream.matches())) {
            throw new TemplateException(logicalId + " must have the FunctionName !Sub ${<function>.Arn}:live and an"
                    + " EventSourceArn that is the ARN of a stream or a queue");
        }
        var function = alias.group(1);
        if (isQueue) {
            return new EventSource.Messages(
                    function,
                    queue,
                    number(logicalId, properties, "BatchSize", 10),
                    texts(properties.path("FunctionResponseTypes")).contains("ReportBatchItemFailures"),
                    number(
                            logicalId + ".ScalingConfig",
                            properties.path("ScalingConfig"),
                            "MaximumConcurrency",
                            Integer.MAX_VALUE));
        }
        var filters = new ArrayList<EventPattern>();
        properties
                .path("FilterCriteria")
                .path("Filters")
                .forEach(filter -> filters.add(
                        EventPattern.of(logicalId, filter.path("Pattern").asText())));
        return new EventSource.Stream(
                function,
                stream.group(1),
                number(logicalId, properties, "BatchSize", 100),
                number(logicalId, properties, "MaximumRetryAttempts", Integer.MAX_VALUE),
                properties.path("BisectBatchOnFunctionError").asBoolean(false),
                filters);
    }

    private MessageQueue queue(String logicalId) {
        var properties = intrinsics.resolve(template.properties(logicalId), logicalId);
        properties.fieldNames().forEachRemaining(name -> {
            if (!IGNORED_QUEUE_PROPERTIES.contains(name)
                    && !List.of("DelaySeconds", "RedrivePolicy", "VisibilityTimeout")
                            .contains(name)) {
                throw new TemplateException(
                        logicalId + ": the queue property " + name + " is not supported by the local server");
            }
        });
        var redrive = properties.path("RedrivePolicy");
        return new MessageQueue(
                logicalId,
                Duration.ofSeconds(number(logicalId, properties, "DelaySeconds", 0)),
                Duration.ofSeconds(number(logicalId, properties, "VisibilityTimeout", 30)),
                redrive.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(new MessageQueue.RedrivePolicy(
                                redrive.path("deadLetterTargetArn").asText().replaceFirst(".*:", ""),
                                number(logicalId + ".RedrivePolicy", redrive, "maxReceiveCount", 10))));
    }

    private Cors cors(String api, JsonNode properties) {
        if (properties.has("CorsConfiguration")) {
            throw new TemplateException(
                    api + ": define CORS in DefinitionBody." + CORS + ", because SAM loses parts of CorsConfiguration");
        }
        var where = api + ".DefinitionBody." + CORS;
        var cors = intrinsics.resolve(properties.path("DefinitionBody").path(CORS), where);
        if (cors.isMissingNode()) {
            return Cors.none();
        }
        return new Cors(
                texts(cors.path("allowOrigins")),
                texts(cors.path("allowMethods")),
                texts(cors.path("allowHeaders")),
                texts(cors.path("exposeHeaders")),
                cors.path("maxAge").asInt(0),
                cors.path("allowCredentials").asBoolean(false));
    }

    private Table table(String logicalId) {
        var properties = intrinsics.resolve(template.properties(logicalId), logicalId);
        var create = CreateTableRequest.builder().tableName(logicalId).billingMode(BillingMode.PAY_PER_REQUEST);
        properties.properties().forEach(property -> {
            var value = property.getValue();
            switch (property.getKey()) {
                case "BillingMode" -> create.billingMode(value.asText());
                case "AttributeDefinitions" -> create.attributeDefinitions(attributes(value));
                case "KeySchema" -> create.keySchema(keySchema(value));
                case "GlobalSecondaryIndexes" -> create.globalSecondaryIndexes(indexes(value));
                case "StreamSpecification" ->
                    create.streamSpecification(StreamSpecification.builder()
                            .streamEnabled(true)
                            .streamViewType(value.path("StreamViewType").asText())
                            .build());
                case String name when IGNORED_TABLE_PROPERTIES.contains(name) -> {}
                case String name ->
                    throw new TemplateException(
                            logicalId + ": the table property " + name + " is not supported by the local server");
            }
        });
        var timeToLive = properties.path("TimeToLiveSpecification");
        return new Table(
                logicalId,
                logicalId,
                create.build(),
                timeToLive.path("Enabled").asBoolean(false)
                        ? Optional.of(timeToLive.path("AttributeName").asText())
                        : Optional.empty());
    }

    private static List<AttributeDefinition> attributes(JsonNode definitions) {
        var attributes = new ArrayList<AttributeDefinition>();
        definitions.forEach(definition -> attributes.add(AttributeDefinition.builder()
                .attributeName(definition.path("AttributeName").asText())
                .attributeType(definition.path("AttributeType").asText())
                .build()));
        return attributes;
    }

    private static List<KeySchemaElement> keySchema(JsonNode elements) {
        var schema = new ArrayList<KeySchemaElement>();
        elements.forEach(element -> schema.add(KeySchemaElement.builder()
                .attributeName(element.path("AttributeName").asText())
                .keyType(element.path("KeyType").asText())
                .build()));
        return schema;
    }

    private static List<GlobalSecondaryIndex> indexes(JsonNode definitions) {
        var indexes = new ArrayList<GlobalSecondaryIndex>();
        definitions.forEach(definition -> {
            var projection = Projection.builder()
                    .projectionType(
                            definition.path("Projection").path("ProjectionType").asText());
            if (definition.path("Projection").has("NonKeyAttributes")) {
                projection.nonKeyAttributes(texts(definition.path("Projection").path("NonKeyAttributes")));
            }
            indexes.add(GlobalSecondaryIndex.builder()
                    .indexName(definition.path("IndexName").asText())
                    .keySchema(keySchema(definition.path("KeySchema")))
                    .projection(projection.build())
                    .build());
        });
        return indexes;
    }

    private String text(String logicalId, JsonNode properties, String name) {
        var value = intrinsics.resolve(properties.path(name), logicalId + '.' + name);
        if (!value.isValueNode()) {
            throw new TemplateException(logicalId + '.' + name + " must be a string");
        }
        return value.asText();
    }

    private int number(String logicalId, JsonNode properties, String name, int defaultValue) {
        if (!properties.has(name)) {
            return defaultValue;
        }
        var value = text(logicalId, properties, name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new TemplateException(logicalId + '.' + name + " must be a whole number, but is \"" + value + '"');
        }
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
