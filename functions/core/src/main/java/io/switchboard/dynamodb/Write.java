package io.switchboard.dynamodb;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * A conditional write, one part of a transaction.
 *
 * <p>Expressions refer to an attribute as {@code #name} and to a value as {@code :name}. The placeholder of an
 * attribute is its name, so that attributes may have reserved words as names. Not thread-safe during construction.
 */
public final class Write {
    /** The operation on the item. */
    private enum Kind {
        PUT,
        UPDATE,
        DELETE,
        CHECK
    }

    private final Kind kind;
    private final String table;
    private final Map<String, AttributeValue> item;
    private final String update;
    private String condition = "";
    private final Map<String, AttributeValue> values = new HashMap<>();

    private Write(Kind kind, String table, Map<String, AttributeValue> item, String update) {
        this.kind = kind;
        this.table = table;
        this.item = item;
        this.update = update;
    }

    /** Returns a write that puts a whole item. */
    public static Write put(String table, Map<String, AttributeValue> item) {
        return new Write(Kind.PUT, table, item, "");
    }

    /** Returns a write that changes an item with an update expression. */
    public static Write update(String table, Map<String, AttributeValue> key, String expression) {
        return new Write(Kind.UPDATE, table, key, expression);
    }

    /** Returns a write that deletes an item. */
    public static Write delete(String table, Map<String, AttributeValue> key) {
        return new Write(Kind.DELETE, table, key, "");
    }

    /** Returns a part that changes nothing, and checks a condition on which the other parts of the transaction rely. */
    public static Write check(String table, Map<String, AttributeValue> key) {
        return new Write(Kind.CHECK, table, key, "");
    }

    /** Sets the condition of the write. */
    public Write onlyIf(String expression) {
        condition = expression;
        return this;
    }

    /** Sets the value of a placeholder; {@code name} has no colon. */
    public Write with(String name, AttributeValue value) {
        values.put(":" + name, value);
        return this;
    }

    String table() {
        return table;
    }

    TransactWriteItem toTransactWriteItem() {
        TransactWriteItem.Builder part = TransactWriteItem.builder();
        return switch (kind) {
            case PUT ->
                part.put(Put.builder()
                                .tableName(table)
                                .item(item)
                                .conditionExpression(conditionOrNone())
                                .expressionAttributeNames(names())
                                .expressionAttributeValues(valuesOrNone())
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())
                        .build();
            case UPDATE ->
                part.update(Update.builder()
                                .tableName(table)
                                .key(item)
                                .updateExpression(update)
                                .conditionExpression(conditionOrNone())
                                .expressionAttributeNames(names())
                                .expressionAttributeValues(valuesOrNone())
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())
                        .build();
            case DELETE ->
                part.delete(Delete.builder()
                                .tableName(table)
                                .key(item)
                                .conditionExpression(conditionOrNone())
                                .expressionAttributeNames(names())
                                .expressionAttributeValues(valuesOrNone())
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())
                        .build();
            case CHECK ->
                part.conditionCheck(ConditionCheck.builder()
                                .tableName(table)
                                .key(item)
                                .conditionExpression(condition)
                                .expressionAttributeNames(names())
                                .expressionAttributeValues(valuesOrNone())
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                                .build())
                        .build();
        };
    }

    UpdateItemRequest.Builder toUpdateItem() {
        if (kind != Kind.UPDATE) {
            throw new IllegalStateException("Only an update can be written without a transaction");
        }
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(item)
                .updateExpression(update)
                .conditionExpression(conditionOrNone())
                .expressionAttributeNames(names())
                .expressionAttributeValues(valuesOrNone())
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    private @Nullable String conditionOrNone() {
        return condition.isEmpty() ? null : condition;
    }

    private @Nullable Map<String, AttributeValue> valuesOrNone() {
        return values.isEmpty() ? null : values;
    }

    private @Nullable Map<String, String> names() {
        return Expression.names(update + " " + condition);
    }
}
