package io.switchboard.local;

/** The text that the server prints after startup: its URLs, and commands to paste into a shell. */
final class StartupBanner {
    private StartupBanner() {}

    static String of(LocalServer server) {
        return """

                Switchboard is up:
                  desk       %1$s/
                  reference  %1$s/reference.html
                  API        %1$s
                  tokens     %1$s/oauth2/token   (any client, any secret, any identity: local only)
                  DynamoDB   %2$s   (any credentials)

                Paste these commands to get a token, create the two example sessions and list the desk:

                TOKEN=$(curl -s %1$s/oauth2/token -H 'Accept: text/plain' -d grant_type=client_credentials -d user=alice -d 'scope=Sessions.ReadWrite Templates.ReadWrite CallRecords.ReadWrite.All')

                curl -i %1$s/sessions -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"templateName":"CallSessionTemplate","templateParameters":{"customer":"Contoso"}}'

                curl -i %1$s/sessions -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"templateName":"case_entity_session_default_template","sessionContext":{"parametersStr":"[[\\"entityName\\", \\"incident\\"], [\\"entityId\\", \\"fac04293-1ab0-eb11-8236-000d3a5c49ed\\"]]"}}'

                curl -i %1$s/desk -H "Authorization: Bearer $TOKEN"

                Create a session of a Microsoft Graph call record, then read the record:

                curl -i %1$s/v1.0/communications/callRecords/e81a6f0d-9c1b-4f7a-b0ce-5f0f2a7d6b33/sessions -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"modalities":["audio"],"startDateTime":"2026-03-05T16:40:00Z","endDateTime":"2026-03-05T16:44:12Z"}'

                curl -i %1$s/v1.0/communications/callRecords/e81a6f0d-9c1b-4f7a-b0ce-5f0f2a7d6b33 -H "Authorization: Bearer $TOKEN"

                Stream the events of the user's sessions:

                curl -N %1$s/local/events -H "Authorization: Bearer $TOKEN"

                Ctrl-C stops the server. Requests (method, route, status, time):

                """.formatted(server.baseUri(), server.dynamoDb());
    }
}
