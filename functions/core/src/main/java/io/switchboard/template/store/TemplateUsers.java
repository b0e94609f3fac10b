package io.switchboard.template.store;

import java.util.List;

/**
 * Who refers to a template: session templates to a tab template, app profiles to a session template, users to an app profile.
 *
 * @param named some of them, by unique name or user id
 * @param count how many there are
 */
public record TemplateUsers(List<String> named, long count) {
    public TemplateUsers {
        named = List.copyOf(named);
    }

    /** They in a sentence: the named ones, and how many more. */
    public String words() {
        long more = count - named.size();
        String names = String.join(", ", named);
        if (more <= 0) {
            return names;
        }
        return named.isEmpty() ? more + " others" : names + " and " + more + " more";
    }
}
