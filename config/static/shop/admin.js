// What the admin's pages need of the browser beyond unfold. Own files only: no inline scripts.
"use strict";

// What is said in the reader's language; a page with fields to search in brings it.
let words = {};

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
const labelOf = (select) =>
    select?.id ? document.querySelector(`label[for="${select.id}"]`) : null;

const nameOf = (select) =>
    labelOf(select)?.textContent.replace("*", "").trim() || select?.getAttribute("aria-label");

const nameByLabel = (part, label, value) => {
    label.id ||= `${label.htmlFor}_label`;
    part.setAttribute("aria-labelledby", [label.id, value?.id].filter(Boolean).join(" "));
};

const nameSearchFields = () => {
    for (const box of document.querySelectorAll(".select2-container:not([data-named])")) {
        const select = box.previousElementSibling;
        const label = labelOf(select);
        const value = box.querySelector(".select2-selection__rendered[role=textbox]");
        const closed = box.querySelector(".select2-selection[role=combobox][aria-labelledby]");
        if (closed && value && label) {
            nameByLabel(closed, label, value);
            nameByLabel(value, label);
        } else if (closed && value) {
            closed.removeAttribute("aria-labelledby");
            closed.setAttribute("aria-label", nameOf(select) || words.search);
            value.setAttribute("aria-label", nameOf(select) || words.search);
        }
        box.dataset.named = "";
    }
    for (const field of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
        const select = field.closest(".select2-container")?.previousElementSibling;
        field.setAttribute("aria-label", nameOf(select) || words.search);
    }
};

// The menus beside such fields open by mouse only: a key presses them as well, and goes into them.
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

const linksOf = (menu) => {
    const field = menu.getAttribute("x-ref").replace("relatedWidgetWrapper", "");
    return document.querySelector(`nav#related-widget-wrapper-${CSS.escape(field)}`);
};

document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(MENU);
    if (menu && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        menu.click();
        setTimeout(() => linksOf(menu)?.querySelector("a[href]")?.focus());
    }
    const links = event.target.closest?.("nav[id^=related-widget-wrapper-]");
    if (links && event.key === "Escape") {
        [...document.querySelectorAll(MENU)].find((each) => linksOf(each) === links)?.focus();
    }
});

// An icon is a word in a font: seen as a picture, but read out as the word.
const hushIcons = () => {
    for (const icon of document.querySelectorAll(".material-symbols-outlined:not([aria-hidden])")) {
        icon.setAttribute("aria-hidden", "true");
    }
};

// The calendar and the clock beside a field are pictures: read out, they say whose they are.
const nameShortcuts = () => {
    for (const link of document.querySelectorAll(".datetimeshortcuts a:not([aria-label])")) {
        const icon = link.querySelector(".date-icon, .clock-icon");
        const field = link.closest(".datetimeshortcuts").previousElementSibling;
        if (icon && field) {
            const whose = nameOf(field) || field.placeholder;
            link.setAttribute("aria-label", [icon.title, whose].filter(Boolean).join(": "));
        }
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

// A column may be called by the name of a field, which begins with a small letter.
const beginLabels = () => {
    for (const cell of document.querySelectorAll("td[data-label], th[data-label]")) {
        const [first = "", ...rest] = cell.dataset.label;
        cell.dataset.label = first.toUpperCase() + rest.join("");
    }
};

const mend = () => {
    hushIcons();
    nameBoxes();
    nameShortcuts();
    nameSearchFields();
    openMenusByKey();
};

document.addEventListener("DOMContentLoaded", () => {
    words = document.getElementById("words")?.dataset ?? words;
    beginLabels();
    mend();
    new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
});

// Whoever comes back to a list finds the action chosen still: the button beside it shows as well.
window.addEventListener("pageshow", () => {
    for (const choice of document.querySelectorAll("select[name=action]")) {
        if (choice.value) {
            choice.dispatchEvent(new Event("change", { bubbles: true }));
        }
    }
});
