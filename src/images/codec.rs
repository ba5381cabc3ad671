//! Decoding, resizing and encoding, by the crates of the field.
//!
//! The same bytes come out on every machine: JPEG is decoded without the instructions of one processor, sizes
//! are made with a filter of polynomials, AVIF is encoded by one thread for each image.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::{jpeg::JpegEncoder, png, webp};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::picture::{Format, Look, Picture};
use super::recipe::Recipe;
use super::sniff::is_cut;
use super::target::Target;
use crate::diagnostic::{Text, text};
use crate::limits::MOST_PIXELS;

/// How hard the encoder of AVIF tries, of 1 (hardest) to 10: harder it takes twice as long for nothing that is
/// seen, and less hard files are a third larger.
const AVIF_SPEED: u8 = 9;

/// An image, decoded, upright, eight bits a channel.
#[derive(Debug)]
pub(super) struct Pixels {
    image: DynamicImage,
    /// Its profile, where its colours are others than those of sRGB (ICC.1).
    profile: Option<Vec<u8>>,
    /// Whether it moves: then this is its first moment.
    moves: bool,
    lossy: bool,
}

/// Finds out what an image is. All of it is decoded: nothing else tells whether it can be.
///
/// # Errors
/// What is wrong with it.
pub(super) fn look(bytes: &[u8], hash: u128, format: Format, file: &str) -> Result<Picture, Look> {
    if is_cut(bytes, format) {
        let message = text!("`{file}` ends before its end, and is published as it is", file);
        return Err(Look::faulty(message, "copy it here again: a part of it is missing"));
    }
    let pixels = decode(bytes, format).map_err(|problem| match problem {
        Problem::TooLarge(width, height) => Look::faulty(
            text!("`{file}` has {width} × {height} pixels, more than are decoded, and is published as it is", file, width, height),
            "save it smaller: no screen shows so many",
        ),
        Problem::Ink => Look::faulty(
            text!("`{file}` has colours for printing (CMYK), and is published as it is", file),
            "save it with colours for screens (RGB)",
        ),
        Problem::Other(error) => Look::faulty(
            text!("`{file}` cannot be decoded, and is published as it is: {error}", file, error),
            "open it in a program for images, and save it again",
        ),
    })?;
    let Pixels { image, profile, moves, lossy } = pixels;
    let size = Some((image.width(), image.height()));
    Ok(Picture { hash, format, size, still: !moves, alpha: image.color().has_alpha(), lossy, profile: profile.is_some() })
}

/// Decodes an image that was looked at before.
///
/// # Errors
/// Why it cannot be decoded.
pub(super) fn open(bytes: &[u8], format: Format) -> Result<Pixels, Text> {
    decode(bytes, format).map_err(|problem| match problem {
        Problem::Other(error) => error,
        Problem::TooLarge(..) | Problem::Ink => Text::from("it is another image than it was"),
    })
}

/// Why an image is not decoded.
enum Problem {
    TooLarge(u64, u64),
    Ink,
    Other(Text),
}

impl<E: std::error::Error> From<E> for Problem {
    fn from(error: E) -> Self {
        Problem::Other(error.to_string().into())
    }
}

fn refuse_large(width: u64, height: u64) -> Result<(), Problem> {
    if width.saturating_mul(height) > MOST_PIXELS { Err(Problem::TooLarge(width, height)) } else { Ok(()) }
}

fn decode(bytes: &[u8], format: Format) -> Result<Pixels, Problem> {
    match format {
        Format::Jpeg => decode_jpeg(bytes),
        Format::Png => {
            let decoder = png::PngDecoder::new(Cursor::new(bytes))?;
            let moves = decoder.is_apng()?;
            decode_by(decoder, moves, false)
        }
        Format::WebP => {
            let decoder = webp::WebPDecoder::new(Cursor::new(bytes))?;
            let moves = decoder.has_animation();
            let lossy = memchr::memmem::find(&bytes[..bytes.len().min(256)], b"VP8L").is_none();
            decode_by(decoder, moves, lossy)
        }
        Format::Gif | Format::Avif | Format::Svg => Err(Problem::Other(Text::from("it is not made smaller"))),
    }
}

fn decode_by(mut decoder: impl ImageDecoder, moves: bool, lossy: bool) -> Result<Pixels, Problem> {
    let (width, height) = decoder.dimensions();
    refuse_large(width.into(), height.into())?;
    let profile = decoder.icc_profile()?.filter(|profile| !is_srgb(profile));
    let orientation = decoder.orientation()?;
    let decoded = DynamicImage::from_decoder(decoder)?;
    let image = match decoded.color().has_alpha() {
        true => DynamicImage::ImageRgba8(decoded.into_rgba8()),
        false => DynamicImage::ImageRgb8(decoded.into_rgb8()),
    };
    Ok(upright(image, orientation, profile, moves, lossy))
}

fn decode_jpeg(bytes: &[u8]) -> Result<Pixels, Problem> {
    let most = usize::from(u16::MAX);
    let options =
        DecoderOptions::default().set_use_unsafe(false).set_max_width(most).set_max_height(most).jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let wrong = |error: zune_jpeg::errors::DecodeErrors| Problem::Other(format!("{error:?}").into());
    decoder.decode_headers().map_err(wrong)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    refuse_large(width as u64, height as u64)?;
    if matches!(decoder.input_colorspace(), Some(ColorSpace::CMYK | ColorSpace::YCCK)) {
        return Err(Problem::Ink);
    }
    let pixels = decoder.decode().map_err(wrong)?;
    let size = |number: usize| u32::try_from(number).unwrap_or_default();
    let image = RgbImage::from_raw(size(width), size(height), pixels)
        .ok_or_else(|| Problem::Other(Text::from("it holds fewer pixels than it says")))?;
    let profile = decoder.icc_profile().filter(|profile| !is_srgb(profile));
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif)).unwrap_or(Orientation::NoTransforms);
    Ok(upright(DynamicImage::ImageRgb8(image), orientation, profile, false, true))
}

fn upright(mut image: DynamicImage, orientation: Orientation, profile: Option<Vec<u8>>, moves: bool, lossy: bool) -> Pixels {
    image.apply_orientation(orientation);
    Pixels { image, profile, moves, lossy }
}

/// Whether a profile is that of sRGB, which browsers take for granted: it says so in its description, in
/// letters of one byte or of two.
fn is_srgb(profile: &[u8]) -> bool {
    [&b"sRGB"[..], b"s\0R\0G\0B"].iter().any(|name| memchr::memmem::find(profile, name).is_some())
}

/// The bytes of a size. Nothing of the image but its pixels and its profile is in them: no place, no name, no
/// device.
///
/// # Errors
/// Why it cannot be made.
pub(super) fn make(pixels: &Pixels, recipe: &Recipe) -> Result<Vec<u8>, String> {
    let (left, top, width, height) = recipe.part;
    let mut image = Cow::Borrowed(&pixels.image);
    if recipe.part != (0, 0, image.width(), image.height()) {
        image = Cow::Owned(image.crop_imm(left, top, width, height));
    }
    if recipe.size != (image.width(), image.height()) {
        image = Cow::Owned(image.resize_exact(recipe.size.0, recipe.size.1, FilterType::CatmullRom));
    }
    let mut bytes = Vec::new();
    let profile = pixels.profile.clone();
    let said = |error: image::ImageError| error.to_string();
    match recipe.target {
        Target::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, recipe.quality);
            with_profile(&mut encoder, profile)?;
            encoder.encode_image(&on_white(&image)).map_err(said)?;
        }
        Target::Png => {
            let mut encoder = png::PngEncoder::new_with_quality(&mut bytes, png::CompressionType::Best, png::FilterType::Adaptive);
            with_profile(&mut encoder, profile)?;
            image.write_with_encoder(encoder).map_err(said)?;
        }
        Target::WebP => {
            let mut encoder = webp::WebPEncoder::new_lossless(&mut bytes);
            with_profile(&mut encoder, profile)?;
            image.write_with_encoder(encoder).map_err(said)?;
        }
        Target::Avif => bytes = avif(&image, recipe.quality)?,
    }
    Ok(bytes)
}

fn with_profile(encoder: &mut impl ImageEncoder, profile: Option<Vec<u8>>) -> Result<(), String> {
    profile.map_or(Ok(()), |profile| encoder.set_icc_profile(profile).map_err(|error| error.to_string()))
}

/// An image that cannot be seen through.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let seen = image.to_rgba8();
    let mut opaque = RgbImage::new(seen.width(), seen.height());
    for (from, to) in seen.pixels().zip(opaque.pixels_mut()) {
        let alpha = u32::from(from.0[3]);
        for (channel, seen) in to.0.iter_mut().zip(from.0) {
            let mixed = (u32::from(seen) * alpha + 255 * (255 - alpha) + 127) / 255;
            *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    opaque
}

fn avif(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, String> {
    let encoder = ravif::Encoder::new().with_quality(quality.into()).with_speed(AVIF_SPEED).with_num_threads(Some(1));
    let (width, height) = (image.width() as usize, image.height() as usize);
    let encoded = if image.color().has_alpha() {
        let pixels: Vec<ravif::RGBA8> = image.to_rgba8().pixels().map(|pixel| ravif::RGBA8::from(pixel.0)).collect();
        encoder.encode_rgba(ravif::Img::new(&pixels, width, height))
    } else {
        let pixels: Vec<ravif::RGB8> = image.to_rgb8().pixels().map(|pixel| ravif::RGB8::from(pixel.0)).collect();
        encoder.encode_rgb(ravif::Img::new(&pixels, width, height))
    };
    encoded.map(|encoded| encoded.avif_file).map_err(|error| error.to_string())
}
