// What is shown once can be taken along by one press.
"use strict";

// Away from https browsers offer no clipboard, but copy what is selected.
const takeSelected = (field) => {
    field.select();
    return document.execCommand("copy");
};

const take = async (field) => {
    try {
        await navigator.clipboard.writeText(field.value);
        return true;
    } catch {
        return takeSelected(field);
    }
};

document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-copies]")) {
        const field = document.getElementById(button.dataset.copies);
        const said = document.getElementById(button.getAttribute("aria-describedby"));
        button.hidden = false;
        button.addEventListener("click", async () => {
            const taken = await take(field);
            said.textContent = taken ? said.dataset.taken : said.dataset.refused;
        });
    }
});
