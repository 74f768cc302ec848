//! How long three thumbnails of a photo of 12 megapixels take, beside `vipsthumbnail` making the same three.
//!
//! `make bench-images` runs this. All sides take turns on the same file, and the median counts. Give ratios, never single figures.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench talks to its user and may stop at the first fault"
)]

use std::{
    env,
    fs::{self, File},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use reupload_images::{Limits, thumbnails};

const ROUNDS: usize = 15;
const SIDES: [u32; 3] = [320, 160, 64];
const WIDTH: usize = 4000;
const HEIGHT: usize = 3000;
const LIMITS: Limits = Limits { max_pixels: 64_000_000, max_memory: 192 << 20, timeout: Duration::from_secs(20) };

/// Something like a photo: slow changes of light, edges, and the noise of a sensor.
fn photo() -> Vec<u8> {
    let mut noise = 0x2545_F491_4F6C_DD1D_u64;
    let mut pixels = format!("P6 {WIDTH} {HEIGHT} 255\n").into_bytes();
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            let edge = if (x / 170 + y / 130) % 3 == 0 { 40 } else { 0 };
            let light = [x * 160 / WIDTH, y * 160 / HEIGHT, (x + y) * 160 / (WIDTH + HEIGHT)];
            for (channel, random) in light.into_iter().zip(noise.to_le_bytes()) {
                pixels.push(u8::try_from(channel + edge + usize::from(random % 40)).unwrap());
            }
        }
    }
    pixels
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap_or_else(|error| panic!("{command:?}: {error}")).success(), "{command:?}");
}

/// Ours, from file to files.
fn ours(photo: &Path, folder: &Path) {
    for made in thumbnails(File::open(photo).unwrap(), "image/jpeg", &SIDES, &LIMITS).unwrap() {
        fs::write(folder.join(format!("ours-{}.jpg", made.side)), made.bytes).unwrap();
    }
}

/// One thumbnail of vips. It keeps metadata unless told otherwise, and looks at its own size first, as ours does.
fn vips(source: &Path, folder: &Path, side: u32) {
    let target = folder.join(format!("vips-{side}.jpg[Q=82,strip]"));
    run(Command::new("vipsthumbnail").arg(source).args(["--size", &format!("{side}x{side}>"), "-o"]).arg(target));
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn compare(what: &str, photo: &Path, folder: &Path) {
    let myself = env::current_exe().unwrap();
    let small = folder.join("vips-320.jpg");
    let sides: [(&str, &dyn Fn()); 4] = [
        ("ours, in process", &|| ours(photo, folder)),
        ("ours, a process for the picture", &|| run(Command::new(&myself).arg(photo).arg(folder))),
        ("vipsthumbnail, each from the photo", &|| SIDES.iter().for_each(|&side| vips(photo, folder, side))),
        ("vipsthumbnail, smaller from 320", &|| {
            vips(photo, folder, 320);
            vips(&small, folder, 160);
            vips(&small, folder, 64);
        }),
    ];
    let mut times = sides.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, side), times) in sides.iter().zip(&mut times) {
            let begun = Instant::now();
            side();
            times.push(begun.elapsed());
        }
    }
    println!("{what}, {} kB", fs::metadata(photo).unwrap().len() / 1000);
    let medians = times.map(median);
    for ((name, _), median) in sides.iter().zip(medians) {
        println!("  {name:<36} {median:>9.1?}  ×{:.2} of ours as a process", median.as_secs_f64() / medians[1].as_secs_f64());
    }
}

fn main() {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    if let [photo, folder] = &arguments[..] {
        return ours(Path::new(photo), Path::new(folder));
    }
    let folder = env::temp_dir().join(format!("bench-images-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let raw = folder.join("photo.ppm");
    fs::write(&raw, photo()).unwrap();
    println!("{WIDTH} × {HEIGHT} pixels, thumbnails of {SIDES:?}; median of {ROUNDS}, side by side\n");
    for (what, options) in
        [("baseline JPEG, 4:2:0", &["--Q", "85"][..]), ("progressive JPEG, 4:2:0", &["--Q", "85", "--interlace"])]
    {
        let photo = folder.join("photo.jpg");
        run(Command::new("vips").arg("jpegsave").arg(&raw).arg(&photo).args(options));
        compare(what, &photo, &folder);
    }
    fs::remove_dir_all(&folder).unwrap();
}
