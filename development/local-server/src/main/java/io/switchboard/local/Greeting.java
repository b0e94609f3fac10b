package io.switchboard.local;

/** What the server prints when it is up: what runs where, and lines to paste into a shell. */
final class Greeting {
    private Greeting() {}

    static String of(LocalServer server) {
        return """

                Switchboard is up:
                  desk       %1$s/
                  reference  %1$s/reference.html
                  API        %1$s
                  tokens     %1$s/oauth2/token   (any client, any secret, any identity: local only)
                  DynamoDB   %2$s   (any credentials)

                A token, then the two examples of the specifications, then the desk; ready to paste:

                TOKEN=$(curl -s %1$s/oauth2/token -H 'Accept: text/plain' -d grant_type=client_credentials -d user=alice -d 'scope=Sessions.ReadWrite Templates.ReadWrite CallRecords.ReadWrite.All')

                curl -i %1$s/sessions -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"templateName":"CallSessionTemplate","templateParameters":{"customer":"Contoso"}}'

                curl -i %1$s/sessions -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"templateName":"case_entity_session_default_template","sessionContext":{"parametersStr":"[[\\"entityName\\", \\"incident\\"], [\\"entityId\\", \\"fac04293-1ab0-eb11-8236-000d3a5c49ed\\"]]"}}'

                curl -i %1$s/desk -H "Authorization: Bearer $TOKEN"

                A session of a call record, as Microsoft Graph describes it, and the record it makes:

                curl -i %1$s/v1.0/communications/callRecords/e81a6f0d-9c1b-4f7a-b0ce-5f0f2a7d6b33/sessions -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"modalities":["audio"],"startDateTime":"2026-03-05T16:40:00Z","endDateTime":"2026-03-05T16:44:12Z"}'

                curl -i %1$s/v1.0/communications/callRecords/e81a6f0d-9c1b-4f7a-b0ce-5f0f2a7d6b33 -H "Authorization: Bearer $TOKEN"

                What happens from now on to the user's sessions, as it happens:

                curl -N %1$s/local/events -H "Authorization: Bearer $TOKEN"

                Ctrl-C stops it all. Requests (method, route, status, time):

                """.formatted(server.baseUri(), server.dynamoDb());
    }
}
