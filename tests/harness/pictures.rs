//! Pictures for tests, made by the crates that read them.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

/// A picture of that size in the format of an ending. Its left half is lighter than its right one; another
/// seed gives another picture.
pub fn picture(ending: &str, width: u32, height: u32, seed: u8) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let light = if x < width / 2 { 200 } else { 60 };
        Rgba([light, (y * 200 / height.max(1)) as u8, seed, if ending == "png" && x == 0 { 0 } else { 255 }])
    };
    let image = DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, pixel));
    let mut bytes = Vec::new();
    match ending {
        "jpg" => JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&image.to_rgb8()).expect("a JPEG"),
        "png" => image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a PNG"),
        "webp" => image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::WebP).expect("a WebP"),
        other => panic!("no picture `{other}` is made"),
    }
    bytes
}

/// A JPEG that says how it is to be turned (1 to 8), and where it was taken (Exif 2.32, 4.6).
pub fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff =
        [&b"MM\0\x2a\0\0\0\x08\0\x01"[..], &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0], b"\0\0\0\0GPS 53.55 N 9.99 E"].concat();
    let length = u16::try_from(2 + 6 + tiff.len()).expect("it is short").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat()
}
