/* Comfort on top of pages that work without it: no answer is ever only here.
   Texts come from the page (data-… of #net), so that they follow its language. */
(() => {
  "use strict";
  const net = document.getElementById("net");
  const say = (kind) => { if (net) net.textContent = kind ? net.dataset[kind] : ""; };

  /* One press, one request: a slow line must not register a resident twice. */
  const SLOW = 8000;
  let waiting;
  const hold = (form, button) => {
    form.setAttribute("aria-busy", "true");
    waiting = setTimeout(say, SLOW, "slow");
    if (!button) return;
    /* Only after the browser has read the form: a disabled button's own value would not be sent. */
    setTimeout(() => {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    });
  };
  const release = (form) => {
    clearTimeout(waiting);
    form.removeAttribute("aria-busy");
    form.querySelectorAll("button[aria-busy]").forEach((button) => {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const byHtmx = form.hasAttribute("hx-post");
    if (event.defaultPrevented && !byHtmx) return;
    if (form.method !== "post" && !byHtmx) return;
    if (form.hasAttribute("aria-busy")) {
      event.preventDefault();
      return;
    }
    delete form.dataset.dirty;
    form.dataset.sent = "";
    hold(form, event.submitter);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));

  /* What was typed and not sent is not lost by a wrong tap; a form that came back with errors is not saved either. */
  document.addEventListener("input", ({ target }) => {
    const form = target.form;
    if (!form || !form.matches("[data-guard]")) return;
    form.dataset.dirty = "";
    delete form.dataset.sent;
  });
  const unsaved = (form) => "dirty" in form.dataset || (!("sent" in form.dataset) && form.querySelector("[aria-invalid=true]"));
  window.addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("form[data-guard]")].some(unsaved)) event.preventDefault();
  });

  /* What is typed in a form with data-keep stays on this phone, never a file, until the server has taken it: a page says
     so by data-taken with the draft's id. It goes at sign-out, and after days in which nobody sent it. */
  const KEPT = "kept/", KEPT_DAYS = 3;
  const kept = {
    keys: () => Object.keys(localStorage).filter((key) => key.startsWith(KEPT)),
    read: (key) => JSON.parse(localStorage.getItem(key)),
    drop: (key) => localStorage.removeItem(key),
  };
  const notKept = ["csrf_token", "version"];
  const showKept = (form) => form.querySelector("[data-kept]")?.removeAttribute("hidden");
  const keep = (form) => {
    const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !notKept.includes(name));
    localStorage.setItem(KEPT + form.dataset.keep, JSON.stringify({ at: Date.now(), values }));
  };
  const restore = (form, { values }) => {
    [...form.elements].forEach((field) => {
      if (!field.name || notKept.includes(field.name) || field.type === "file" || field.type === "submit") return;
      const mine = values.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(field.type)) field.checked = mine.includes(field.value);
      else if (mine.length) [field.value] = mine;
    });
    showKept(form);
  };
  try {
    const taken = new Set([...document.querySelectorAll("[data-taken]")].map((part) => part.dataset.taken));
    kept.keys().forEach((key) => {
      const { at, values } = kept.read(key);
      const old = Date.now() - at > KEPT_DAYS * 86400000;
      if (old || values.some(([name, value]) => name === "draft" && taken.has(value))) kept.drop(key);
    });
    document.querySelectorAll("form[data-keep]").forEach((form) => {
      const there = kept.read(KEPT + form.dataset.keep);
      if (form.querySelector("[aria-invalid=true]")) keep(form); /* the server has told what is wrong with it */
      else if (there) restore(form, there);
      form.addEventListener("input", () => keep(form));
      form.addEventListener("change", () => keep(form));
      form.querySelector("[data-drop-kept]")?.addEventListener("click", () => {
        kept.drop(KEPT + form.dataset.keep);
        location.reload();
      });
      form.addEventListener("submit", (event) => {
        keep(form);
        if (navigator.onLine) return;
        event.preventDefault();
        event.stopPropagation();
        showKept(form);
        form.querySelector("[data-kept]")?.scrollIntoView({ block: "center" });
      });
    });
    document.addEventListener("submit", ({ target }) => {
      if (new URL(target.action, location).pathname.endsWith("/sign-out")) kept.keys().forEach(kept.drop);
    });
  } catch { /* no storage here: then nothing is kept */ }

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-check-all]")) {
      target.form.querySelectorAll(`input[name="${target.dataset.checkAll}"]`).forEach((box) => { box.checked = target.checked; });
    }
    if (target.matches("select[data-autosubmit], form[data-autosubmit] select")) target.form.requestSubmit();
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) window.print();
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", ({ key }) => {
    const menu = key === "Escape" && document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* On paper nothing can be unfolded. */
  window.addEventListener("beforeprint", () => document.querySelectorAll("[data-unfold] details").forEach((part) => { part.open = true; }));

  /* Where this device is, into the field that the button names; who has no such device, or says no, types it. */
  document.querySelectorAll("[data-locate]").forEach((button) => {
    const field = document.getElementById(button.dataset.locate);
    const told = document.getElementById(button.getAttribute("aria-describedby"));
    if (!field || !navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      told.textContent = "";
      const done = (text) => {
        button.removeAttribute("aria-busy");
        told.textContent = text;
      };
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        field.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)} ±${Math.ceil(coords.accuracy)} m`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        done(button.dataset.found);
      }, () => done(button.dataset.failed), { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
    });
  });

  /* A part that keeps itself current: data-live is where it comes from, data-every how many seconds lie between, data-tag
     the state that it shows. While the line is down it says since when, and mends itself. */
  const clock = (moment) => `${String(moment.getHours()).padStart(2, "0")}.${String(moment.getMinutes()).padStart(2, "0")}`;
  const refill = (part, html) => {
    const held = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.innerHTML = html;
    if (held) document.getElementById(held)?.focus();
  };
  document.querySelectorAll("[data-live]").forEach((part) => {
    const every = 1000 * Math.max(1, Number(part.dataset.every) || 10);
    const lost = document.createElement("p");
    lost.className = "lost";
    lost.setAttribute("role", "status");
    part.before(lost);
    let tag = part.dataset.tag;
    let since;
    const ask = async () => {
      try {
        const headers = tag ? { "If-None-Match": `"${tag}"` } : {};
        const answer = await fetch(part.dataset.live, { headers, redirect: "manual", signal: AbortSignal.timeout(every + 10000) });
        if (answer.status === 200) {
          refill(part, await answer.text());
          tag = (answer.headers.get("ETag") || "").replace(/^W\/|"/g, "");
        } else if (answer.status !== 304) throw new Error(answer.status);
        since = undefined;
        lost.textContent = "";
      } catch {
        since ??= new Date();
        lost.textContent = `${part.dataset.lost} ${clock(since)}`;
      }
      setTimeout(ask, every);
    };
    setTimeout(ask, every);
  });

  const showErrors = (root) => root.querySelector("[data-errors]")?.focus();
  showErrors(document);
  document.addEventListener("htmx:load", ({ target }) => showErrors(target));

  window.addEventListener("offline", () => say("offline"));
  window.addEventListener("online", () => say());
  if (!navigator.onLine) say("offline");
  document.addEventListener("htmx:sendError", () => say("offline"));
  document.addEventListener("htmx:timeout", () => say("slow"));
  document.addEventListener("htmx:responseError", () => say("failed"));
  document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (detail.successful) say();
    if (target.matches("form")) release(target);
  });
})();
