package io.switchboard.session;

/**
 * Something that was mended or left out while a session was made; with {@code Prefer: handling=strict} it is an error.
 *
 * @param code such as {@code unresolvedSlug}
 * @param message what happened and what to do about it
 * @param target where, such as {@code title} or {@code tabs[0].parameters.data}
 */
public record Warning(String code, String message, String target) {}
