// Calls the worker of registers before the styles are there: over a slow network it takes its time to come.
const { worker } = document.querySelector("script[data-worker]").dataset;
if (window.isSecureContext && "serviceWorker" in navigator) navigator.serviceWorker.register(worker).catch(() => {});
