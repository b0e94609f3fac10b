package io.switchboard.template.store;

import java.util.List;

/**
 * The users of a template: session templates of a tab template, app profiles of a session template, or users of an app
 * profile.
 *
 * @param named some of the users, by unique name or user id
 * @param count the number of users
 */
public record TemplateUsers(List<String> named, long count) {
    public TemplateUsers {
        named = List.copyOf(named);
    }

    /** Returns the users as words of a sentence: the named ones and the number of others. */
    public String words() {
        long more = count - named.size();
        String names = String.join(", ", named);
        if (more <= 0) {
            return names;
        }
        return named.isEmpty() ? more + " others" : names + " and " + more + " more";
    }
}
