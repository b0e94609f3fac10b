package io.switchboard.acceptance.browser;

import com.microsoft.playwright.Route;
import java.util.Map;

final class Views {
    private static final String PAGE = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>View</title><link rel="icon" href="data:,">
            <link rel="stylesheet" href="/assets/style.css"><link rel="stylesheet" href="/assets/administration.css">
            <link rel="stylesheet" href="/assets/call-records.css">
            <script src="/assets/switchboard.js"></script><script src="/assets/preact.umd.js"></script><script src="/assets/hooks.umd.js"></script>
            <main id="app"><h1>View</h1></main></html>
            """;

    private Views() {}

    static Window open(Windows windows, Agent agent, String hash) {
        var window = windows.openClient(agent);
        window.page()
                .context()
                .route(
                        "**/blank.html*",
                        (Route route) -> route.fulfill(new Route.FulfillOptions()
                                .setContentType("text/html")
                                .setBody(PAGE)));
        window.page().navigate(windows.chromium().base() + "/blank.html?" + hash.hashCode() + hash);
        windows.configure(window, agent, Map.of());
        window.page().evaluate("""
                async () => {
                  const { h, render, useState, useEffect } = await import('/assets/ui.js');
                  const { Administration } = await import('/assets/administration.js');
                  const { CallRecords } = await import('/assets/call-records.js');
                  function App() {
                    const [hash, setHash] = useState(location.hash);
                    const [said, say] = useState('');
                    useEffect(() => { addEventListener('hashchange', () => setHash(location.hash)); }, []);
                    const [view, ...path] = hash.replace(/^#\\//, '').split('/').filter(Boolean).map(decodeURIComponent);
                    return h('div', null, h('h1', null, 'View'), h('p', { role: 'status', class: 'said' }, said),
                      h(view === 'call-records' ? CallRecords : Administration, { connection, say, path }));
                  }
                  render(h(App), document.getElementById('app'));
                }
                """);
        return window;
    }
}
