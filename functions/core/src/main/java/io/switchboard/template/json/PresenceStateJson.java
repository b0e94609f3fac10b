package io.switchboard.template.json;

import io.switchboard.json.ObjectReader;
import io.switchboard.template.BasicState;
import io.switchboard.template.PresenceState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's JSON of presence states. */
public final class PresenceStateJson {
    private static final String BASIC_STATE = "basicState";

    private PresenceStateJson() {}

    /** Reads the writable members and reports every violation of the rules of {@code api/presence-states.yaml}. */
    public static PresenceState read(ObjectReader reader) {
        CommonMembers common = CommonMembers.read(reader);
        @Nullable BasicState basicState = reader.requiredOneOf(BASIC_STATE, BasicState.BY_TEXT);
        CommonMembers.ignoreReadOnly(reader);
        reader.rejectUnknown();
        return new PresenceState(
                common.uniqueName(),
                common.name(),
                common.description(),
                common.tags(),
                common.status(),
                basicState == null ? BasicState.OFFLINE : basicState);
    }

    /** Writes the writable members. The caller can change the map. */
    public static Map<String, @Nullable Object> write(PresenceState state) {
        Map<String, @Nullable Object> json = CommonMembers.write(state);
        json.put(BASIC_STATE, state.basicState().text());
        return json;
    }
}
