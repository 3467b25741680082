// The box that shows the chosen product is made by a library, which gives it no name of its own.
// In the library's own queue, right after it has made the boxes.
django.jQuery(() => {
    for (const choice of document.querySelectorAll(".order-add-product")) {
        const shown = choice.querySelector(".select2-selection__rendered");
        shown?.setAttribute("aria-label", choice.querySelector("label").textContent);
    }
});
