//! Files sent by a script: several at once, pasted, with a word beside each that is not kept.

use std::fs;

use super::{blog::Blog, driver::Browser};
use crate::program::support::until;

fn picture(level: u8) -> Vec<u8> {
    let image = image::RgbImage::from_pixel(64, 48, image::Rgb([level, 120, 60]));
    let mut file = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(image).write_to(&mut file, image::ImageFormat::Png).expect("a picture");
    file.into_inner()
}

#[test]
fn ten_pictures_are_sent_a_bomb_is_refused_and_one_is_pasted() {
    let blog = Blog::start();
    let browser = Browser::open();
    let folder = tempfile::tempdir().expect("a folder");
    let mut paths = Vec::new();
    for number in 0..10_u8 {
        let path = folder.path().join(format!("leaf-{number}.png"));
        fs::write(&path, picture(number * 20)).expect("a file");
        paths.push(path.to_str().expect("a path").to_owned());
    }
    blog.sign_in(&browser);
    let library = blog.server.url("/admin/media");
    browser.go(&library);
    let before = browser.find_now(".library li").len();
    browser.find("#files").write(&paths.join("\n"));
    browser.find(".upload button").click();
    until("all are kept", || browser.address().ends_with("/admin/media?done=added"));
    until("all are shown", || browser.find_now(".library li").len() == before + 10);

    // A size that says too much, in a file whose sum is right.
    let mut bomb = picture(1);
    bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    let mut sum = flate2::Crc::new();
    sum.update(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    let (good, bad) = (folder.path().join("good.png"), folder.path().join("bomb.png"));
    fs::write(&good, picture(255)).expect("a file");
    fs::write(&bad, bomb).expect("a file");
    browser.go(&library);
    browser.find("#files").write(&format!("{}\n{}", bad.display(), good.display()));
    browser.find(".upload button").click();
    until("the good one is kept", || browser.find_now(".sending a").len() == 1);
    let refused = browser.find(".sending .field-error").text();
    assert!(refused.contains("bomb.png") && refused.contains("50,000 × 50,000"), "{refused}");
    assert_eq!(browser.find(".sending a").text(), "good.png");

    let paste = "const canvas = Object.assign(document.createElement('canvas'), { width: 9, height: 9 });
        canvas.getContext('2d').fillRect(0, 0, 5, 5);
        canvas.toBlob((blob) => {
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([blob], 'image.png', { type: 'image/png' }));
            document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        })";
    browser.go(&library);
    browser.run(paste);
    until("what was pasted is kept", || browser.address().ends_with("?done=added"));
    until("it is shown", || browser.find_now(".library li").len() == before + 12);
    // A browser tells of every answer that is a refusal.
    let said: Vec<_> = browser.console().into_iter().filter(|line| !line.contains("422")).collect();
    assert_eq!(said, [""; 0]);
}
