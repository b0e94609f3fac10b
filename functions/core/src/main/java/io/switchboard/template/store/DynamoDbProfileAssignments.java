package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.template.store.DynamoDbTemplateItems.APP_PROFILE;
import static io.switchboard.template.store.DynamoDbTemplateItems.UNIQUE_NAME;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.TemplateKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Stores the assigned users of app profiles in the Templates table. Thread-safe. */
public final class DynamoDbProfileAssignments implements ProfileAssignments {
    private final DynamoDb dynamoDb;
    private final WriteLoop loop;
    private final DynamoDbTemplateTable table;

    /** Creates a store of assignments in this table. */
    public DynamoDbProfileAssignments(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.loop = new WriteLoop(dynamoDb);
        this.table = new DynamoDbTemplateTable(dynamoDb, table);
    }

    @Override
    public AssignOutcome assign(String tenant, String appProfile, String userId, String by, Instant now) {
        ProfileAssignment assignment = new ProfileAssignment(userId, appProfile, now, by);
        String userKey = DynamoDbTemplateItems.user(userId);
        String profileKey = DynamoDbTemplateItems.template(TemplateKind.APP_PROFILE, appProfile);
        return loop.<AssignOutcome>decide("the user's app profile changed during every attempt", now, attempts -> {
            var state = new DynamoDbTemplateState(tenant, table.items(tenant, List.of(userKey, profileKey)));
            @Nullable AssignOutcome landed = attempts.landed(state.writeId(userKey));
            if (landed != null) {
                return Step.none(landed);
            }
            @Nullable Map<String, AttributeValue> profile = state.item(profileKey);
            if (profile == null || !appProfile.equals(textOf(profile, UNIQUE_NAME))) {
                return Step.none(new AssignOutcome.ProfileNotFound());
            }
            @Nullable Map<String, AttributeValue> user = state.item(userKey);
            @Nullable ProfileAssignment before = user == null ? null : DynamoDbTemplateItems.assignment(user);
            if (before != null && before.appProfile().equals(appProfile)) {
                return Step.none(new AssignOutcome.Moved(before));
            }
            var transaction = new DynamoDbTemplateTransaction(table.name(), tenant, attempts.writeId());
            boolean isNamed = DynamoDbTemplateItems.users(profile).named().size() < DynamoDbTemplateTransaction.NAMED;
            transaction.refer(profileKey, appProfile, isNamed ? userId : null, 0);
            put(transaction, assignment, before);
            return new Step<>(
                    before == null ? new AssignOutcome.Assigned(assignment) : new AssignOutcome.Moved(assignment),
                    transaction.writes());
        });
    }

    private static void put(
            DynamoDbTemplateTransaction transaction, ProfileAssignment assignment, @Nullable ProfileAssignment before) {
        String userKey = DynamoDbTemplateItems.user(assignment.userId());
        Map<String, AttributeValue> item = DynamoDbTemplateItems.assignment(assignment, transaction.writeId());
        transaction.put(DynamoDbTemplateItems.users(assignment.appProfile()) + Keys.join(assignment.userId()), item);
        if (before == null) {
            transaction.create(userKey, item);
        } else {
            transaction
                    .put(userKey, item)
                    .onlyIf("#" + APP_PROFILE + " = :before")
                    .with("before", text(before.appProfile()));
            release(transaction, before.appProfile(), assignment.userId());
        }
    }

    private static void release(DynamoDbTemplateTransaction transaction, String appProfile, String userId) {
        transaction.delete(DynamoDbTemplateItems.users(appProfile) + Keys.join(userId));
        transaction.release(DynamoDbTemplateItems.template(TemplateKind.APP_PROFILE, appProfile), userId);
    }

    @Override
    public boolean unassign(String tenant, String appProfile, String userId) {
        String userKey = DynamoDbTemplateItems.user(userId);
        @Nullable Map<String, AttributeValue> user = table.item(tenant, userKey);
        if (user == null || !appProfile.equals(textOf(user, APP_PROFILE))) {
            return false;
        }
        var transaction = new DynamoDbTemplateTransaction(table.name(), tenant, DynamoDb.newWriteId());
        transaction.delete(userKey).onlyIf("#" + APP_PROFILE + " = :before").with("before", text(appProfile));
        release(transaction, appProfile, userId);
        // If the condition fails, another request has already removed or replaced the assignment.
        return dynamoDb.write(transaction.writeId(), transaction.writes()) instanceof WriteOutcome.Written;
    }

    @Override
    public Page<ProfileAssignment> assignments(String tenant, String appProfile, PageRequest page) {
        return DynamoDbTemplateTable.map(
                table.page(tenant, DynamoDbTemplateItems.users(appProfile), page.after(), page.size()),
                DynamoDbTemplateItems::assignment);
    }
}
