//! Pixels to files: PNG with a palette, which pictures of few colours are small with, and ICO.

use std::collections::HashMap;

use png::{BitDepth, ColorType, DeflateCompression, Encoder, Filter};
use resvg::tiny_skia::Pixmap;

/// How many bits of each channel are tried, until the colours fit into a palette.
const DEPTHS: [u32; 5] = [8, 6, 5, 4, 3];

/// A PNG: with a palette of at most 256 colours, where all is opaque, else with all of them.
pub(super) fn png(pixels: &Pixmap) -> Option<Vec<u8>> {
    let data = pixels.data();
    let is_opaque = data.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX);
    let found = if is_opaque { DEPTHS.iter().find_map(|bits| indexed(data, *bits)) } else { None };
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_depth(BitDepth::Eight);
    // Half the time of the usual level, for a few hundred bytes more.
    encoder.set_deflate_compression(DeflateCompression::Level(4));
    if let Some((palette, indices)) = found {
        encoder.set_color(ColorType::Indexed);
        encoder.set_palette(palette);
        encoder.set_filter(Filter::NoFilter);
        encoder.write_header().ok()?.write_image_data(&indices).ok()?;
    } else {
        encoder.set_color(ColorType::Rgba);
        let plain = pixels.pixels().iter().flat_map(|pixel| {
            let pixel = pixel.demultiply();
            [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
        });
        let plain: Vec<u8> = plain.collect();
        encoder.write_header().ok()?.write_image_data(&plain).ok()?;
    }
    Some(file)
}

/// The palette, and for each pixel the number of its colour; none where there are more than 256 with so many
/// bits for each channel.
fn indexed(data: &[u8], bits: u32) -> Option<(Vec<u8>, Vec<u8>)> {
    let most = (1_u32 << bits) - 1;
    // To the nearest of so many steps between black and white.
    let nearest = |value: u8| {
        let step = (u32::from(value) * most + 127) / 255;
        u8::try_from(step * 255 / most).unwrap_or(u8::MAX)
    };
    let mut numbers: HashMap<[u8; 3], u8> = HashMap::new();
    let (mut palette, mut indices) = (Vec::new(), Vec::with_capacity(data.len() / 4));
    // Most pixels are of the colour of the one before.
    let (mut last, mut number) = (None, 0);
    for pixel in data.chunks_exact(4) {
        let colour = [pixel[0], pixel[1], pixel[2]];
        if last != Some(colour) {
            last = Some(colour);
            let kept = colour.map(nearest);
            number = match numbers.get(&kept) {
                Some(number) => *number,
                None => {
                    let number = u8::try_from(numbers.len()).ok()?;
                    numbers.insert(kept, number);
                    palette.extend_from_slice(&kept);
                    number
                }
            };
        }
        indices.push(number);
    }
    Some((palette, indices))
}

/// An ICO that holds PNGs, each with its pixels a side.
pub(super) fn ico(pictures: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let count = u16::try_from(pictures.len()).unwrap_or_default();
    let mut file = [[0, 0], [1, 0], count.to_le_bytes()].concat();
    let mut at = 6 + 16 * pictures.len();
    for (side, png) in pictures {
        let side = u8::try_from(*side).unwrap_or(0);
        // Width, height, no palette, nothing; one plane, 32 bits a pixel; length and place.
        file.extend_from_slice(&[side, side, 0, 0, 1, 0, 32, 0]);
        for number in [png.len(), at] {
            file.extend_from_slice(&u32::try_from(number).unwrap_or_default().to_le_bytes());
        }
        at += png.len();
    }
    pictures.iter().for_each(|(_, png)| file.extend_from_slice(png));
    file
}
