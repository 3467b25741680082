// What the admin's pages need of the browser beyond unfold. Own files only: no inline scripts.
"use strict";

// Tell the server where the reader is, so that times are told by the reader's clock.
document.cookie =
    "time_zone=" +
    encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone) +
    "; path=/; max-age=31536000; samesite=lax" +
    (location.protocol === "https:" ? "; secure" : "");

// A dialog that is refused says why, in its own place, although its answer is not a success.
document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 409) {
        return;
    }
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    event.detail.target = document.getElementById("modal-content");
    event.detail.selectOverride = "#refusal";
    event.detail.swapOverride = "innerHTML";
});

// Fields in which one searches among choices have no name of their own: they get their select's.
const nameOf = (select) => {
    const label = select?.id && document.querySelector(`label[for="${select.id}"]`);
    return label ? label.textContent.replace("*", "").trim() : "";
};

const nameSearchFields = () => {
    const parts =
        ".select2-search__field, .select2-selection[role=combobox], .select2-selection__rendered[role=textbox]";
    for (const part of document.querySelectorAll(`:is(${parts}):not([data-named])`)) {
        const select = part.closest(".select2-container")?.previousElementSibling;
        const said = part.querySelector(".select2-selection__rendered")?.title;
        const names = [nameOf(select) || select?.getAttribute("aria-label"), said];
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", names.filter(Boolean).join(": ") || document.getElementById("words").dataset.search);
        part.dataset.named = "";
    }
};

// The menus beside such fields open by mouse only: a key presses them as well.
const MENU = "[x-ref^=relatedWidgetWrapper]";

const openMenusByKey = () => {
    for (const menu of document.querySelectorAll(`${MENU}:not([role])`)) {
        const select = menu.closest(".related-widget-wrapper").querySelector("select, input");
        menu.setAttribute("role", "button");
        menu.setAttribute("tabindex", "0");
        menu.setAttribute("aria-haspopup", "true");
        menu.setAttribute("aria-label", `${nameOf(select)} …`);
    }
};

document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(MENU);
    if (menu && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        menu.click();
    }
});

// An icon is a word in a font: seen as a picture, but read out as the word.
const hushIcons = () => {
    for (const icon of document.querySelectorAll(".material-symbols-outlined:not([aria-hidden])")) {
        icon.setAttribute("aria-hidden", "true");
    }
};

// Which row a box belongs to, by the link that the row begins with.
const nameBoxes = () => {
    for (const box of document.querySelectorAll(".action-select:not([data-named])")) {
        const link = box.closest("tr")?.querySelector("th a");
        if (link) {
            box.setAttribute("aria-label", `${box.getAttribute("aria-label")}: ${link.textContent.trim()}`);
        }
        box.dataset.named = "";
    }
};

const mend = () => {
    hushIcons();
    nameBoxes();
    nameSearchFields();
    openMenusByKey();
};

document.addEventListener("DOMContentLoaded", () => {
    mend();
    new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
});
