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

// The field in which one searches among choices has no name of its own: it gets its select's.
const nameSearchFields = () => {
    for (const field of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
        const select = field.closest(".select2-container")?.previousElementSibling;
        const label = select?.id && document.querySelector(`label[for="${select.id}"]`);
        const words = document.getElementById("words").dataset;
        field.setAttribute("aria-label", label ? label.textContent.trim() : words.search);
    }
};

document.addEventListener("DOMContentLoaded", () => {
    nameSearchFields();
    new MutationObserver(nameSearchFields).observe(document.body, {
        childList: true,
        subtree: true,
    });
});
