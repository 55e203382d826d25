// Runs before the first paint: what the reader chose holds from the first line on.
{
  const { dataset } = document.documentElement;
  dataset.textSize = "normal";
  try {
    dataset.textSize = localStorage.getItem("renewz:schrift") ?? "normal";
    // A banner that was closed stays closed; once another one runs, or none, the choice is forgotten.
    if (localStorage.getItem("renewz:eilmeldung") === dataset.breaking) dataset.breakingClosed = "";
    else localStorage.removeItem("renewz:eilmeldung");
  } catch {}
}
