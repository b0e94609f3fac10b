package io.switchboard.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The page types of application tab templates, with their parameters ({@code docs/domain/session-templates.md}, "Page
 * types").
 */
public enum PageType implements JsonEnum {
    /** A list of records. */
    ENTITY_LIST(
            "entityList",
            TabParameter.neededText("entityName"),
            TabParameter.text("viewId"),
            TabParameter.text("viewType")),
    /** A record, or a form for a new one. */
    ENTITY_RECORD(
            "entityRecord",
            TabParameter.neededText("entityName"),
            TabParameter.text("entityId"),
            TabParameter.text("formId"),
            TabParameter.bool("validateRecord"),
            TabParameter.recordData("data"),
            TabParameter.text("createFromEntity"),
            TabParameter.text("processId"),
            TabParameter.text("relationship"),
            TabParameter.text("selectStageId"),
            TabParameter.text("selectedStageId"),
            TabParameter.text("processInstanceId")),
    /** A web resource. */
    WEB_RESOURCE("webResource", TabParameter.requiredIdentity("webresourceName"), TabParameter.text("data")),
    /** A framework control. */
    CONTROL("control", TabParameter.requiredIdentity("controlName"), TabParameter.text("data")),
    /** A dashboard. */
    DASHBOARD("dashboard", TabParameter.dashboardId("dashboardId")),
    /** A search. */
    SEARCH("search", TabParameter.neededText("searchText"), TabParameter.searchType("searchType")),
    /** A website that allows being shown in a frame. */
    THIRD_PARTY_WEBSITE(
            "thirdPartyWebsite", TabParameter.url("url"), TabParameter.text("data"), TabParameter.bool("alwaysRender")),
    /** A custom page. */
    CUSTOM(
            "custom",
            TabParameter.requiredIdentity("name"),
            TabParameter.text("entityName"),
            TabParameter.text("recordId"));

    /** The constants by their JSON text. */
    public static final Map<String, PageType> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<TabParameter> parameters;

    PageType(String text, TabParameter... parameters) {
        this.text = text;
        this.parameters = List.of(parameters);
    }

    @Override
    public String text() {
        return text;
    }

    /** Returns the parameters that pages of this type accept. */
    public List<TabParameter> parameters() {
        return parameters;
    }

    /** Returns the parameter of this name, or null. */
    public @Nullable TabParameter parameter(String name) {
        for (TabParameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter;
            }
        }
        return null;
    }
}
