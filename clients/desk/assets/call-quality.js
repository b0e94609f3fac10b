// Streams are classified by the rules of Microsoft's Call Quality Dashboard:
// https://learn.microsoft.com/microsoftteams/stream-classification-in-call-quality-dashboard
// Audio is poor if its round trip is > 500 ms, its packet loss rate > 0.1 or its jitter > 30 ms, over more than 500 packets. Degradation
// > 1.0 and a ratio of concealed samples > 0.07 are from an earlier edition of that page. A stream with fewer packets or without these
// figures is unclassified.
const audio = [
  { name: 'averageRoundTripTime', words: 'round trip', limit: 500 },
  { name: 'averagePacketLossRate', words: 'packet loss', limit: 0.1 },
  { name: 'averageJitter', words: 'jitter', limit: 30 },
  { name: 'averageAudioDegradation', words: 'degradation', limit: 1 },
  { name: 'averageRatioOfConcealedSamples', words: 'concealed samples', limit: 0.07 },
];
// For video, the first available figure decides. A shared screen (VBSS on that page) has a lower limit for the frame rate.
const video = [
  { name: 'averageVideoFrameLossPercentage', words: 'frame loss', limit: 50 },
  { name: 'averageVideoFrameRate', words: 'frame rate', atLeast: 7, sharedScreen: 2 },
  { name: 'postForwardErrorCorrectionPacketLossRate', words: 'packet loss after error correction', limit: 0.15 },
];
const fewPackets = 500;

/** Parses an ISO 8601 duration in Graph's format, such as PT0.048S, to milliseconds; null for other texts. */
function millisecondsOf(duration) {
  const found = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration ?? '');
  if (!found) return null;
  const [, minus, days = 0, hours = 0, minutes = 0, seconds = 0] = found;
  // Rounded to the precision of a duration with 12 digits, because 0.031 * 1000 is inexact.
  return Number(((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * (minus ? -1000
    : 1000)).toFixed(6));
}

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });
const bits = value => value >= 1e6 ? `${number.format(value / 1e6)} Mbit/s` : value >= 1000 ? `${number.format(value / 1000)} kbit/s`
  : `${number.format(value)} bit/s`;

/** Formats a figure by its name. A text such as NaN stays unchanged. */
export function figureWords(name, value) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (/(Jitter|Time|Duration)$/.test(name) && !/DateTime$/.test(name)) {
    const milliseconds = millisecondsOf(value);
    return milliseconds === null ? String(value) : `${number.format(milliseconds)} ms`;
  }
  if (typeof value !== 'number' || /(^port|Port|Channel)$/.test(name)) return String(value);
  if (/(Rate|Ratio|RatioOfConcealedSamples)$/.test(name) && !/(FrameRate|GlitchRate)$/.test(name)) return `${number.format(value * 100)} %`;
  if (/Percentage$|^wifiSignalStrength$|^wifiBatteryCharge$/.test(name)) return `${number.format(value)} %`;
  if (/FrameRate$/.test(name)) return `${number.format(value)} frames/s`;
  if (/^(linkSpeed|averageBandwidthEstimate)$/.test(name)) return bits(value);
  if (name === 'packetUtilization') return `${number.format(value)} packets`;
  if (name === 'cpuProcessorSpeedInMhz') return `${number.format(value)} MHz`;
  return number.format(value);
}

/** Turns averageRoundTripTime into average round trip time; abbreviations in capitals stay. */
export const nameWords = name => name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
  .split(' ').map((word, at) => /^(cpu|dns|ip|mac|rms|tcp|udp|url)$/i.test(word) ? word.toUpperCase() : at === 0
    ? word[0].toUpperCase() + word.slice(1) : word.toLowerCase()).join(' ');

function measured(stream, name) {
  const value = /(Jitter|Time)$/.test(name) ? millisecondsOf(stream[name]) : stream[name];
  return typeof value === 'number' ? value : null;
}

/** Returns how a figure exceeds its limit, such as `more than 30 ms`; null if it does not. */
export function beyond(stream, name, label) {
  const rule = [...audio, ...video].find(candidate => candidate.name === name);
  const value = rule && measured(stream, name);
  if (value === null || value === undefined) return null;
  if (rule.limit !== undefined) return value > rule.limit ? `more than ${limitWords(rule)}` : null;
  const least = isSharedScreen(label) ? rule.sharedScreen : rule.atLeast;
  return value < least ? `less than ${figureWords(name, least)}` : null;
}

const limitWords = ({ name, limit }) => /(Jitter|Time)$/.test(name) ? `${limit} ms` : figureWords(name, limit);
const isSharedScreen = label => /sharing|screen/i.test(label ?? '');

/** Returns `{ quality: 'good' | 'poor' | 'unclassified', because }` for a stream. */
export function classify(stream, label) {
  const isVideo = video.some(({ name }) => measured(stream, name) !== null) || Boolean(stream.videoCodec && !stream.audioCodec);
  const there = (isVideo ? video : audio).filter(({ name }) => measured(stream, name) !== null);
  if (there.length === 0) return { quality: 'unclassified', because: 'the required figures are missing' };
  if (!isVideo && typeof stream.packetUtilization === 'number' && stream.packetUtilization <= fewPackets) {
    return { quality: 'unclassified', because: `${fewPackets} packets or fewer` };
  }
  const poor = (isVideo ? there.slice(0, 1) : there).filter(({ name }) => beyond(stream, name, label));
  if (poor.length === 0) return { quality: 'good', because: null };
  return {
    quality: 'poor',
    because: poor.map(({ name, words }) => `${words} ${figureWords(name, stream[name])}, ${beyond(stream, name, label)}`).join('; '),
  };
}

/** Classifies a segment: poor if one of its streams is poor, otherwise good if one is good. */
export function qualityOf(segment) {
  const found = (segment.media ?? []).flatMap(({ label, streams }) => (streams ?? []).map(stream => classify(stream, label).quality));
  return found.includes('poor') ? 'poor' : found.includes('good') ? 'good' : 'unclassified';
}
