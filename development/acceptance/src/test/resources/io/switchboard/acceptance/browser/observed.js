/* Configures an observed client. `exchanges` lists each attempt with its end time, `tokens` the calls of the token callback, `problems` the calls of onError. */
globalThis.observe = (baseUrl, form, settings, expired) => {
  const exchanges = [];
  const tokens = [];
  const problems = [];
  Object.assign(globalThis, { exchanges, tokens, problems });
  const left = [...expired];
  return Switchboard.configure({
    baseUrl,
    async token({ renew }) {
      tokens.push(renew);
      const response = await fetch(`${baseUrl}/oauth2/token`, {
        method: 'POST',
        headers: { accept: 'text/plain', 'content-type': 'application/x-www-form-urlencoded' },
        body: left.length > 0 ? `${form}&expires_in=${left.shift()}` : form,
      });
      return response.text();
    },
    onExchange: exchange => exchanges.push({ ...exchange, at: performance.now() }),
    onError: (error, during) => problems.push({ code: error.code, message: error.message, during }),
    ...settings,
  });
};

/** Returns the outcome of a promise in a form that can be passed to a test. */
globalThis.outcome = async promise => {
  const began = performance.now();
  const took = () => performance.now() - began;
  try {
    const late = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error('The promise did not settle within 20 s')), 20_000);
    });
    return { value: await Promise.race([promise, late]), took: took() };
  } catch (error) {
    if (error.name !== 'SwitchboardError') throw error;
    return { ...error, message: error.message, took: took() };
  }
};
