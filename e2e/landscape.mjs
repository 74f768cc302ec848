// A photo-sized picture of mountains in the mist, drawn by the browser: nobody's photo has to be asked for.

/** JPEG, 1600 × 1067 pixels, in the colors around `hue` (0 to 360), as a `Buffer`. The same hue gives the same mountains. */
export async function landscape(page, hue) {
  const base64 = await page.evaluate((hue) => {
    const [width, height] = [1600, 1067];
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    const gradient = (from, to, stops) => {
      const fill = pen.createLinearGradient(0, from, 0, to);
      stops.forEach((color, index) => fill.addColorStop(index / (stops.length - 1), color));
      return fill;
    };
    pen.fillStyle = gradient(0, height, [`hsl(${hue + 20} 55% 62%)`, `hsl(${hue + 8} 75% 84%)`, `hsl(${hue - 15} 85% 93%)`]);
    pen.fillRect(0, 0, width, height);
    const [x, y] = [300 + ((hue * 37) % 1000), 260 + ((hue * 13) % 160)];
    const glow = pen.createRadialGradient(x, y, 30, x, y, 520);
    glow.addColorStop(0, "hsl(45 100% 96% / 0.95)");
    glow.addColorStop(0.12, "hsl(45 100% 94% / 0.55)");
    glow.addColorStop(1, "hsl(45 100% 94% / 0)");
    pen.fillStyle = glow;
    pen.fillRect(0, 0, width, height);

    // Ridges from far to near, each darker; the mist lies between them.
    for (let ridge = 0; ridge < 6; ridge += 1) {
      const base = 430 + ridge * 105;
      const peak = 190 - ridge * 14;
      const lightness = 74 - ridge * 11;
      pen.beginPath();
      pen.moveTo(0, height);
      for (let at = 0; at <= width; at += 4) {
        let rise = 0;
        for (const [octave, weight] of [[1, 1], [2.3, 0.5], [5.1, 0.22], [11.7, 0.09], [27, 0.035]]) {
          rise += weight * Math.abs(Math.sin(at * 0.0021 * octave + hue * 1.7 + ridge * 2.9 * octave));
        }
        pen.lineTo(at, base - rise * peak);
      }
      pen.lineTo(width, height);
      pen.fillStyle = gradient(base - peak, base + 240, [`hsl(${hue} ${26 + ridge * 4}% ${lightness}%)`, `hsl(${hue - 8} ${30 + ridge * 3}% ${Math.min(92, lightness + 16)}%)`]);
      pen.fill();
    }
    return canvas.toDataURL("image/jpeg", 0.86).split(",")[1];
  }, hue);
  return Buffer.from(base64, "base64");
}
