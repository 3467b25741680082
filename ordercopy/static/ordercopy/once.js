// A form that does much is sent once: until its answer is there, its buttons wait.
"use strict";

const buttonsOf = (form) => form.querySelectorAll("button[type=submit]");

document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-once]")) {
        return;
    }
    // The button that was pressed is part of what is sent, so it is not taken away before.
    setTimeout(() => {
        for (const button of buttonsOf(event.target)) {
            button.disabled = true;
        }
        event.target.classList.add("is-sent");
    });
});

// Whoever comes back to the page can press again.
window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) {
        for (const button of buttonsOf(form)) {
            button.disabled = false;
        }
        form.classList.remove("is-sent");
    }
});
