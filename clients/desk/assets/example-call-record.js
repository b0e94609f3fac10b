// A call record as Microsoft Graph writes one, of people and networks that do not exist: a call from a user is put through a queue to an
// agent whose wireless network is bad, and ends when it drops.

const tenantId = '5d1f7c7e-2a34-4a55-9c5e-0f6f3b9a7c10';
const user = (id, displayName, userPrincipalName) => ({ '@odata.type': '#microsoft.graph.callRecords.userIdentity', id, displayName,
  userPrincipalName, tenantId });
const nora = user('0b6a2a0e-6f3c-4c36-8a53-6a1d1c1b2e01', 'Nora Field', 'nora.field@example.org');
const omar = user('9d5a4f0b-0a5d-4f0a-9b3d-3c5f4f6b7a02', 'Omar Stone', 'omar.stone@example.org');
const ines = user('7e3d6f1a-5b2c-4a41-9d52-0b8a2f7e4c03', 'Ines Park', 'ines.park@example.org');

const client = (headerValue, platform, applicationVersion) => ({
  '@odata.type': '#microsoft.graph.callRecords.clientUserAgent', headerValue, platform, applicationVersion, productFamily: 'teams',
});
const person = (associatedIdentity, name, userAgent, others) => ({
  '@odata.type': '#microsoft.graph.callRecords.participantEndpoint', associatedIdentity, name, userAgent, ...others,
});
const service = (role, headerValue) => ({
  '@odata.type': '#microsoft.graph.callRecords.serviceEndpoint',
  userAgent: { '@odata.type': '#microsoft.graph.callRecords.serviceUserAgent', role, headerValue },
});

const wired = {
  connectionType: 'wired', networkTransportProtocol: 'udp', wifiBand: 'unknown', wifiRadioType: 'unknown', ipAddress: '10.20.0.15',
    port: 50012,
  subnet: '10.20.0.0', linkSpeed: 1000000000, reflexiveIPAddress: '203.0.113.15', traceRouteHops: [], receivedQualityEventRatio: 0.01,
};
const wireless = {
  connectionType: 'wifi', networkTransportProtocol: 'udp', wifiBand: 'frequency24GHz', wifiRadioType: 'wifi80211n', wifiChannel: 6,
  wifiSignalStrength: 38, wifiBatteryCharge: 64, ipAddress: '192.168.1.20', port: 50020, reflexiveIPAddress: '198.51.100.20',
    traceRouteHops: [],
  linkSpeed: 72000000, sentQualityEventRatio: 0.31, delayEventRatio: 0.12,
};
const stream = (streamId, streamDirection, figures) => ({ streamId, streamDirection, audioCodec: 'satin', wasMediaBypassed: false,
  ...figures });

/** An example with current times. The API derives its id from the content, so each call creates a separate record. */
export function exampleCallRecord() {
  const begin = Date.now() - 14 * 60000;
  const at = seconds => new Date(begin + seconds * 1000).toISOString();
  const dropped = { stage: 'midcall', reason: 'Media connectivity was lost and could not be re-established.' };
  const desktop = client('ExampleTeams/24.1 (Windows)', 'windows', '24.1.0.77');
  const phone = client('ExampleTeams/24.1 (Android)', 'android', '24.1.0.51');
  const web = client('ExampleTeams/24.1 (Web)', 'web', '24.1.0.80');
  const caller = person(nora, 'LAPTOP-NORA', desktop, {
    cpuName: 'Example CPU 12-Core', cpuCoresCount: 12, cpuProcessorSpeedInMhz: 2400,
    feedback: { rating: 'poor', text: 'It broke off in the end.', tokens: { LowVolume: true, Echo: false } },
  });
  return {
    version: 1, type: 'groupCall', modalities: ['audio', 'video'], startDateTime: at(0), endDateTime: at(754),
    joinWebUrl: 'https://teams.example.org/l/meetup-join/19%3ameeting',
    organizer_v2: { identity: { user: { id: nora.id, displayName: nora.displayName, tenantId } } },
    participants_v2: [nora, omar, ines].map(({ id, displayName }) => ({ identity: { user: { id, displayName, tenantId } } })),
    sessions: [
      {
        modalities: ['audio'], startDateTime: at(0), endDateTime: at(754), isTest: false, failureInfo: dropped,
        caller, callee: person(omar, 'PHONE-OMAR', phone, { feedback: { rating: 'bad', tokens: { Stopped: true } } }),
        segments: [
          {
            startDateTime: at(0), endDateTime: at(96), caller, callee: service('skypeForBusinessCallQueues', 'ExampleQueue/2.0'),
            media: [{
              label: 'main-audio', callerNetwork: wired,
              callerDevice: { captureDeviceName: 'Headset microphone', renderDeviceName: 'Headset earphone', sentSignalLevel: -22,
                micGlitchRate: 2.5 },
              streams: [
                stream('1203345870', 'callerToCallee', {
                  averageJitter: 'PT0.004S', maxJitter: 'PT0.019S', averageRoundTripTime: 'PT0.028S', maxRoundTripTime: 'PT0.061S',
                  averagePacketLossRate: 0.001, maxPacketLossRate: 0.01, averageAudioDegradation: 0.05, packetUtilization: 4611,
                  averageBandwidthEstimate: 9250000,
                }),
              ],
            }],
          },
          {
            startDateTime: at(98), endDateTime: at(754), failureInfo: dropped, caller, callee: person(omar, 'PHONE-OMAR', phone),
            media: [{
              label: 'main-audio', callerNetwork: wired, calleeNetwork: wireless,
              callerDevice: { captureDeviceName: 'Headset microphone', renderDeviceName: 'Headset earphone', sentSignalLevel: -22,
                micGlitchRate: 2.5 },
              calleeDevice: { captureDeviceName: 'Built-in microphone', renderDeviceName: 'Built-in speaker', receivedNoiseLevel: -48,
                howlingEventCount: 1 },
              streams: [
                stream('1203345871', 'callerToCallee', {
                  startDateTime: at(98), endDateTime: at(754), averageJitter: 'PT0.021S', maxJitter: 'PT0.094S',
                    averageRoundTripTime: 'PT0.148S',
                  maxRoundTripTime: 'PT0.912S', averagePacketLossRate: 0.022, maxPacketLossRate: 0.09, averageAudioDegradation: 0.48,
                  averageRatioOfConcealedSamples: 0.031, maxRatioOfConcealedSamples: 0.12, packetUtilization: 31204,
                    averageBandwidthEstimate: 3120400,
                  isAudioForwardErrorCorrectionUsed: true,
                }),
                stream('1203345872', 'calleeToCaller', {
                  startDateTime: at(98), endDateTime: at(748), averageJitter: 'PT0.047S', maxJitter: 'PT0.263S',
                    averageRoundTripTime: 'PT0.151S',
                  maxRoundTripTime: 'PT1.204S', averagePacketLossRate: 0.126, maxPacketLossRate: 0.61, averageAudioDegradation: 1.64,
                  averageRatioOfConcealedSamples: 0.094, maxRatioOfConcealedSamples: 0.44, packetUtilization: 28870,
                    averageBandwidthEstimate: 412000,
                  isAudioForwardErrorCorrectionUsed: true,
                }),
              ],
            }],
          },
        ],
      },
      {
        modalities: ['audio', 'video'], startDateTime: at(231), endDateTime: at(702), isTest: false,
        caller: person(ines, 'BROWSER-INES', web, { feedback: { rating: 'good' } }),
          callee: service('mediaController', 'ExampleMediaController/3.2'),
        segments: [{
          startDateTime: at(231), endDateTime: at(702), caller: person(ines, 'BROWSER-INES', web),
            callee: service('mediaController', 'ExampleMediaController/3.2'),
          media: [
            {
              label: 'main-audio', callerNetwork: { ...wired, ipAddress: '10.30.1.77', subnet: '10.30.1.0',
                reflexiveIPAddress: '203.0.113.77' },
              streams: [
                stream('a-1', 'callerToCallee', {
                  averageJitter: 'PT0.006S', maxJitter: 'PT0.031S', averageRoundTripTime: 'PT0.048S', maxRoundTripTime: 'PT0.112S',
                  averagePacketLossRate: 0.002, maxPacketLossRate: 0.03, averageAudioDegradation: 0.11, packetUtilization: 23550,
                  averageBandwidthEstimate: 8120400,
                }),
                stream('a-2', 'calleeToCaller', { averageJitter: 'PT0.009S', maxJitter: 'PT0.044S', averagePacketLossRate: 0.004,
                  packetUtilization: 23377 }),
              ],
            },
            {
              label: 'main-video',
              streams: [{
                streamId: 'v-1', streamDirection: 'callerToCallee', videoCodec: 'h264', averageVideoFrameRate: 24.2,
                  averageReceivedFrameRate: 23.8,
                averageVideoFrameLossPercentage: 1.5, averageVideoPacketLossRate: 0.004, lowFrameRateRatio: 0.02,
                  averageFreezeDuration: 'PT0.14S',
              }],
            },
          ],
        }],
      },
    ],
  };
}
