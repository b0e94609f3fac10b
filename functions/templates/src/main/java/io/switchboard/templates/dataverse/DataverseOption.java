package io.switchboard.templates.dataverse;

import java.util.List;

/**
 * One value of a Dataverse choice column.
 *
 * @param number the value that the Web API sends
 * @param text the corresponding value of this API
 */
record DataverseOption(String number, String text) {
    /** {@code msdyn_sessiontype}. */
    static final List<DataverseOption> SESSION_TYPE =
            List.of(new DataverseOption("0", "generic"), new DataverseOption("1", "entity"));

    /** {@code msdyn_panelstate}. */
    static final List<DataverseOption> PANEL_STATE = List.of(
            new DataverseOption("162450000", "minimized"),
            new DataverseOption("162450001", "hidden"),
            new DataverseOption("162450002", "docked"));

    /** {@code msdyn_pagetype}. */
    static final List<DataverseOption> PAGE_TYPE = List.of(
            new DataverseOption("509180000", "entityList"),
            new DataverseOption("509180001", "entityRecord"),
            new DataverseOption("509180002", "webResource"),
            new DataverseOption("509180003", "control"),
            new DataverseOption("509180004", "dashboard"),
            new DataverseOption("509180005", "search"),
            new DataverseOption("509180006", "thirdPartyWebsite"),
            new DataverseOption("509180007", "custom"));

    /** {@code msdyn_desktopnotificationmode}. */
    static final List<DataverseOption> DESKTOP_NOTIFICATION = List.of(
            new DataverseOption("509180000", "never"),
            new DataverseOption("509180001", "whenAppInBackground"),
            new DataverseOption("509180002", "always"));

    /** {@code msdyn_theme}. */
    static final List<DataverseOption> THEME =
            List.of(new DataverseOption("509180000", "dark"), new DataverseOption("509180001", "light"));

    /** {@code statecode}. */
    static final List<DataverseOption> STATE =
            List.of(new DataverseOption("0", "active"), new DataverseOption("1", "inactive"));
}
