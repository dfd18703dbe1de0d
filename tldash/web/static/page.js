// Start the terminal when its font is loaded, since it measures the characters only once.

(async () => {
  const terminal = document.querySelector("#terminal");
  const line = new URL("ws", location.href);
  line.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  line.search = "";
  line.hash = "";
  terminal.dataset.sessionWebsocketUrl = line.href;

  const Line = window.WebSocket;
  window.WebSocket = class extends Line {
    constructor(address) {
      super(address);
      this.addEventListener("close", ({ reason }) => {
        if (reason) document.querySelector("#why").textContent = reason;
      });
    }
  };

  const again = document.querySelector("#again");
  again.addEventListener("click", () => location.reload());
  const typing = () => document.querySelector(".xterm-helper-textarea");
  const states = document.body.classList;
  let begun = false;
  new MutationObserver(() => {
    if (states.contains("-closed")) {
      again.focus();
    } else if (!begun && states.contains("-first-byte")) {
      // A dashboard starts without focus, and only changes of focus are sent to it.
      begun = true;
      typing().blur();
      typing().focus();
    }
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });

  const family = "16px 'Roboto Mono'";
  await Promise.allSettled(
    ["", "bold ", "italic "].map((kind) => document.fonts.load(kind + family)),
  );
  const loaded = document.readyState === "complete";
  const script = document.createElement("script");
  script.src = "static/textual.js";
  script.addEventListener("load", () => {
    // The script waits for the load event, which may have fired before the script was loaded.
    if (loaded || document.readyState === "complete") window.onload();
  });
  document.body.append(script);
})();
