package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptionTest {
    private static final String CALL_RECORDS = "microsoft.graph.callRecords.";

    private final Description description = Description.read();

    @ParameterizedTest
    @CsvSource({
        "callType, unknown groupCall peerToPeer unknownFutureValue",
        "modality, audio video videoBasedScreenSharing data screenSharing unknownFutureValue",
        "failureStage, unknown callSetup midcall unknownFutureValue",
        "clientPlatform, unknown windows macOS iOS android web ipPhone roomSystem surfaceHub holoLens unknownFutureValue",
        "productFamily, unknown teams skypeForBusiness lync unknownFutureValue azureCommunicationServices",
        "serviceRole, unknown customBot skypeForBusinessMicrosoftTeamsGateway skypeForBusinessAudioVideoMcu"
                + " skypeForBusinessApplicationSharingMcu skypeForBusinessCallQueues skypeForBusinessAutoAttendant mediationServer"
                + " mediationServerCloudConnectorEdition exchangeUnifiedMessagingService mediaController"
                + " conferencingAnnouncementService conferencingAttendant audioTeleconferencerController"
                + " skypeForBusinessUnifiedCommunicationApplicationPlatform responseGroupServiceAnnouncementService gateway"
                + " skypeTranslator skypeForBusinessAttendant responseGroupService voicemail unknownFutureValue",
        "userFeedbackRating, notRated bad poor fair good excellent unknownFutureValue",
        "mediaStreamDirection, callerToCallee calleeToCaller",
        "networkConnectionType, unknown wired wifi mobile tunnel unknownFutureValue",
        "networkTransportProtocol, unknown udp tcp unknownFutureValue",
        "wifiBand, unknown frequency24GHz frequency50GHz frequency60GHz unknownFutureValue",
        "wifiRadioType, unknown wifi80211a wifi80211b wifi80211g wifi80211n wifi80211ac wifi80211ax unknownFutureValue",
        "audioCodec, unknown invalid cn pcma pcmu amrWide g722 g7221 g7221c g729 multiChannelAudio muchv2 opus satin"
                + " satinFullband rtAudio8 rtAudio16 silk silkNarrow silkWide siren xmsRta unknownFutureValue",
        "videoCodec, unknown invalid av1 h263 h264 h264s h264uc h265 rtvc1 rtVideo xrtvc1 unknownFutureValue",
        "pstnCallDurationSource, microsoft operator",
        "pstnUserBlockMode, blocked unblocked unknownFutureValue"
    })
    void enumeration_has_the_members_of_the_metadata(String name, String members) {
        assertThat(description.enumType(CALL_RECORDS + name).members()).containsExactly(members.split(" "));
    }

    @Test
    void enumeration_of_another_namespace_has_the_members_of_the_metadata() {
        assertThat(description.enumType("microsoft.graph.endpointType").members())
                .containsExactly(
                        "default", "voicemail", "skypeForBusiness", "skypeForBusinessVoipPhone", "unknownFutureValue");
    }

    @ParameterizedTest
    @CsvSource({
        "initiatorType, user application system unknownFutureValue",
        "teamworkUserIdentityType, aadUser onPremiseAadUser anonymousGuest federatedUser personalMicrosoftAccountUser"
                + " skypeUser phoneUser unknownFutureValue emailUser",
        "teamworkApplicationIdentityType, aadApplication bot tenantBot office365Connector outgoingWebhook"
                + " unknownFutureValue",
        "teamworkConversationIdentityType, team channel chat unknownFutureValue"
    })
    void enumeration_of_an_identity_has_the_members_of_the_metadata(String name, String members) {
        assertThat(description.enumType("microsoft.graph." + name).members()).containsExactly(members.split(" "));
    }

    @Test
    void identities_have_the_subtypes_and_properties_of_the_metadata() {
        assertThat(subtypes("identity"))
                .containsExactlyInAnyOrder(
                        "userIdentity: ipAddress userPrincipalName",
                        "communicationsUserIdentity: tenantId",
                        "communicationsPhoneIdentity: ",
                        "communicationsGuestIdentity: email",
                        "communicationsApplicationIdentity: applicationType hidden",
                        "communicationsApplicationInstanceIdentity: hidden tenantId",
                        "communicationsEncryptedIdentity: ",
                        "azureCommunicationServicesUserIdentity: azureCommunicationServicesResourceId",
                        "emailIdentity: email",
                        "servicePrincipalIdentity: appId",
                        "sharePointIdentity: loginName",
                        "sharePointGroupIdentity: principalId title",
                        "provisionedIdentity: details identityType",
                        "provisioningSystem: details",
                        "provisioningServicePrincipal: ",
                        "teamworkTagIdentity: ",
                        "initiator: initiatorType",
                        "teamworkUserIdentity: userIdentityType",
                        "teamworkApplicationIdentity: applicationIdentityType",
                        "teamworkConversationIdentity: conversationIdentityType",
                        "userIdentity: userPrincipalName");
        assertThat(subtypes("identitySet"))
                .containsExactlyInAnyOrder(
                        "communicationsIdentitySet: applicationInstance assertedIdentity azureCommunicationServicesUser"
                                + " encrypted endpointType guest onPremises phone",
                        "aiInteractionMentionedIdentitySet: conversation tag",
                        "chatMessageMentionedIdentitySet: conversation",
                        "chatMessageFromIdentitySet: ",
                        "chatMessageReactionIdentitySet: ",
                        "engagementIdentitySet: audience group",
                        "sharePointIdentitySet: group sharePointGroup siteGroup siteUser");
    }

    /** Returns the types that derive from a type, with the names of the properties that they add. */
    private List<String> subtypes(String name) {
        ObjectType base = type("microsoft.graph." + name);
        List<String> subtypes = new ArrayList<>();
        for (ObjectType each : base.derived()) {
            assertThat(each.isOpen()).isTrue();
            List<String> own = new ArrayList<>();
            for (Property property : each.properties()) {
                if (base.property(property.name()) == null) {
                    own.add(property.name());
                }
            }
            own.sort(null);
            subtypes.add(each.name() + ": " + String.join(" ", own));
        }
        return subtypes;
    }

    @Test
    void only_one_enum_member_follows_a_sentinel() {
        assertThat(description.enumType(CALL_RECORDS + "productFamily").beyond())
                .containsExactly("azureCommunicationServices");
        assertThat(description.enumType(CALL_RECORDS + "mediaStreamDirection").beyond())
                .isEmpty();
        assertThat(description.enumType(CALL_RECORDS + "callType").beyond()).isEmpty();
    }

    @Test
    void session_requires_times_and_modalities_and_has_inline_segments() {
        assertThat(CallRecordTypes.session().properties())
                .containsExactly(
                        "id",
                        "caller",
                        "callee",
                        "modalities",
                        "startDateTime",
                        "endDateTime",
                        "failureInfo",
                        "isTest");
        assertThat(CallRecordTypes.session().navigations()).containsExactly("segments");
        assertThat(required("session")).containsExactly("modalities", "startDateTime", "endDateTime");
        assertThat(required("segment")).containsExactly("startDateTime", "endDateTime");
        assertThat(required("callRecord"))
                .containsExactly("version", "type", "modalities", "startDateTime", "endDateTime");
        assertThat(required("participant")).isEmpty();
        assertThat(required("organizer")).isEmpty();
        assertThat(CallRecordTypes.callRecord().navigations())
                .containsExactly("organizer_v2", "participants_v2", "sessions");
    }

    @Test
    void only_properties_that_the_metadata_declares_so_are_not_nullable() {
        assertThat(description.objectTypes().stream()
                        .filter(type -> !type.isAbstract())
                        .flatMap(type -> type.properties().stream()
                                .filter(property -> !property.isNullable())
                                .map(property -> type + "." + property.name())))
                .containsExactlyInAnyOrder(
                        "callRecord.id",
                        "callRecord.version",
                        "callRecord.type",
                        "callRecord.modalities",
                        "callRecord.startDateTime",
                        "callRecord.endDateTime",
                        "callRecord.lastModifiedDateTime",
                        "session.id",
                        "session.modalities",
                        "session.startDateTime",
                        "session.endDateTime",
                        "segment.id",
                        "segment.startDateTime",
                        "segment.endDateTime",
                        "participant.id",
                        "organizer.id",
                        "clientUserAgent.platform",
                        "clientUserAgent.productFamily",
                        "serviceUserAgent.role",
                        "failureInfo.stage",
                        "userFeedback.rating",
                        "mediaStream.streamDirection",
                        "networkInfo.connectionType",
                        "networkInfo.networkTransportProtocol",
                        "networkInfo.wifiBand",
                        "networkInfo.wifiRadioType",
                        "networkInfo.traceRouteHops");
    }

    /** The properties are those of the v1.0 metadata and, behind the bar, those that only beta has. */
    @ParameterizedTest
    @CsvSource({
        "pstnCallLogRow, callDurationSource:pstnCallDurationSource callId:String callType:String calleeNumber:String"
                + " callerNumber:String charge:Decimal conferenceId:String connectionCharge:Decimal currency:String"
                + " destinationContext:String destinationName:String duration:Int32 endDateTime:DateTimeOffset id:String"
                + " inventoryType:String licenseCapability:String operator:String startDateTime:DateTimeOffset"
                + " tenantCountryCode:String usageCountryCode:String userDisplayName:String userId:String"
                + " userPrincipalName:String | administrativeUnitInfos:administrativeUnitInfo[] clientLocalIpV4Address:String"
                + " clientLocalIpV6Address:String clientPublicIpV4Address:String clientPublicIpV6Address:String"
                + " otherPartyCountryCode:String",
        "directRoutingLogRow, callEndSubReason:Int32 callType:String calleeNumber:String callerNumber:String"
                + " correlationId:String duration:Int32 endDateTime:DateTimeOffset failureDateTime:DateTimeOffset"
                + " finalSipCode:Int32 finalSipCodePhrase:String id:String inviteDateTime:DateTimeOffset"
                + " mediaBypassEnabled:Boolean mediaPathLocation:String signalingLocation:String"
                + " startDateTime:DateTimeOffset successfulCall:Boolean trunkFullyQualifiedDomainName:String"
                + " userDisplayName:String userId:String userPrincipalName:String |"
                + " administrativeUnitInfos:administrativeUnitInfo[] otherPartyCountryCode:String"
                + " transferorCorrelationId:String userCountryCode:String",
        "smsLogRow, administrativeUnitInfos:administrativeUnitInfo[] callCharge:Decimal currency:String"
                + " destinationContext:String destinationName:String destinationNumber:String id:String"
                + " licenseCapability:String otherPartyCountryCode:String sentDateTime:DateTimeOffset smsId:String"
                + " smsType:String smsUnits:Int32 sourceNumber:String tenantCountryCode:String userCountryCode:String"
                + " userDisplayName:String userId:String userPrincipalName:String |",
        "pstnBlockedUsersLogRow, blockDateTime:DateTimeOffset blockReason:String remediationId:String"
                + " userBlockMode:pstnUserBlockMode userDisplayName:String userId:String userPrincipalName:String"
                + " userTelephoneNumber:String |",
        "pstnOnlineMeetingDialoutReport, currency:String destinationContext:String totalCallCharge:Decimal"
                + " totalCallSeconds:Int32 totalCalls:Int32 usageLocation:String userDisplayName:String userId:String"
                + " userPrincipalName:String |"
    })
    void row_of_a_log_has_the_properties_of_the_metadata(String name, String properties) {
        ObjectType row = type(CALL_RECORDS + name);

        assertThat(listed(row, false) + " | " + listed(row, true)).isEqualTo(properties.replaceFirst("\\|$", "| "));
        assertThat(row.properties()).allMatch(Property::isNullable);
        assertThat(row.isOpen()).isFalse();
    }

    private String listed(ObjectType type, boolean isBeta) {
        return type.properties().stream()
                .filter(property -> (property.role() == Property.Role.BETA) == isBeta)
                .map(property -> property.name() + ":"
                        + switch (property.type()) {
                            case PrimitiveType primitive -> primitive.edmName();
                            case EnumType members -> enumeration(members);
                            case ObjectType object -> object.name();
                        }
                        + (property.isCollection() ? "[]" : ""))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** Returns the name of an enumeration of rows. */
    private String enumeration(EnumType members) {
        return Stream.of("pstnCallDurationSource", "pstnUserBlockMode")
                .filter(name -> members.equals(description.enumType(CALL_RECORDS + name)))
                .collect(Collectors.joining());
    }

    @Test
    void type_that_derives_from_an_open_type_is_open() {
        assertThat(type("microsoft.graph.callRecords.userIdentity").isOpen()).isTrue();
        assertThat(type("microsoft.graph.communicationsIdentitySet").isOpen()).isTrue();
        assertThat(type("microsoft.graph.callRecords.participantEndpoint").isOpen())
                .isFalse();
    }

    @Test
    void type_is_looked_up_in_the_current_namespace_then_in_the_first() {
        Description small = Description.of("""
                namespace first
                type t
                    one: String
                type u
                namespace second
                type t
                    two: t
                    three: u[]!
                    four,
                    five: Int32
                """);
        ObjectType second = small.objectType("second.t");
        assertThat(second.properties()).extracting(Property::name).containsExactly("two", "three", "four", "five");
        assertThat(second.properties())
                .extracting(Property::type)
                .containsExactly(second, small.objectType("first.u"), PrimitiveType.INT32, PrimitiveType.INT32);
    }

    @Test
    void missing_type_and_duplicate_property_are_reported() {
        assertThatThrownBy(() -> Description.of("namespace n\ntype t\na: nowhere\n"))
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> Description.of("namespace n\ntype t\na: String\na: Int32\n"))
                .hasMessageContaining("a twice");
    }

    private List<String> required(String name) {
        return type(CALL_RECORDS + name).properties().stream()
                .filter(Property::isRequired)
                .map(Property::name)
                .toList();
    }

    private ObjectType type(String name) {
        return description.objectType(name);
    }
}
