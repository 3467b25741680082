/* A file dropped on the box is chosen, as if it had been picked. */

for (const box of document.querySelectorAll("[data-drop]")) {
    const field = box.querySelector("input[type=file]");

    for (const name of ["dragenter", "dragover"]) {
        box.addEventListener(name, (event) => {
            event.preventDefault();
            box.classList.add("import-drop-over");
        });
    }
    for (const name of ["dragleave", "drop"]) {
        box.addEventListener(name, () => box.classList.remove("import-drop-over"));
    }
    box.addEventListener("drop", (event) => {
        event.preventDefault();
        if (event.dataTransfer.files.length > 0) {
            field.files = event.dataTransfer.files;
        }
    });
}
