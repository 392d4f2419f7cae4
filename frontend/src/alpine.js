// Alpine's build for strict content security policies, only for pages that need small state of their own.
// A page module registers components before this one runs: window.linliData = {name: factory}.
import Alpine from "@alpinejs/csp";

for (const [name, factory] of Object.entries(window.linliData || {})) Alpine.data(name, factory);
window.Alpine = Alpine;
Alpine.start();
