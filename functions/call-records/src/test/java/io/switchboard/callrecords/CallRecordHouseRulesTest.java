package io.switchboard.callrecords;

import io.switchboard.HouseRules;
import java.util.Set;

final class CallRecordHouseRulesTest extends HouseRules {
    @Override
    protected Set<String> ownPackages() {
        return Set.of(
                "io.switchboard.callrecords",
                "io.switchboard.callrecords.model",
                "io.switchboard.callrecords.store",
                "io.switchboard.callrecords.notifications");
    }
}
