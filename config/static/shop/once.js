// What is filled in or agreed to is sent once: until its answer is there, its buttons wait. Not so
// the actions of lists, which may answer with a file and leave the page as it is, and dialogs, which
// send their forms by themselves.
"use strict";

const ONCE = "form[method=post]:not(#changelist-form, [hx-post])";

const setWaiting = (form, isWaiting) => {
    for (const part of form.elements) {
        if (part.type === "submit") {
            part.disabled = isWaiting;
        }
    }
};

document.addEventListener("submit", (event) => {
    const form = event.target;
    const isOnce = form.matches(ONCE) || event.submitter?.name === "_save";
    if (event.defaultPrevented || !isOnce) {
        return;
    }
    if (form.classList.contains("is-sent")) {
        event.preventDefault();
        return;
    }
    form.classList.add("is-sent");
    // The button that was pressed is part of what is sent, so it is not taken away before.
    setTimeout(() => setWaiting(form, true));
});

// Whoever comes back to the page can press again.
window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form.is-sent")) {
        form.classList.remove("is-sent");
        setWaiting(form, false);
    }
});
