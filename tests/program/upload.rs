//! Large files go through the program, not into its memory.

use std::{
    fs,
    io::{Read, Write},
};

use crate::program::support::{Server, folder};

/// Bytes of the file.
const LENGTH: u64 = 100 * 1024 * 1024;
/// How much more memory it may have taken at its highest: below a third of the file.
const MORE: u64 = 32 * 1024 * 1024;

/// An archive by its first bytes, and then such bytes as do not repeat from part to part.
fn archive() -> impl Read {
    let noise = (0..LENGTH - 4).map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8);
    b"PK\x03\x04".chain(Bytes(noise))
}

struct Bytes<I>(I);

impl<I: Iterator<Item = u8>> Read for Bytes<I> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        Ok(into.iter_mut().zip(&mut self.0).map(|(place, byte)| *place = byte).count())
    }
}

/// The most memory that the program ever had, in bytes.
fn highest(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its highest");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

#[test]
fn a_file_of_a_hundred_megabytes_comes_in_and_goes_out_without_being_held_in_memory() {
    let folder = folder();
    let server = Server::start(folder.path());
    let owner = server.client();
    owner.set_up(&server.setup_path());
    owner.get("/admin/media").expect(200);
    let before = highest(&server);
    let kept = owner.upload("all.zip", archive(), LENGTH).expect(200).text;
    let address =
        kept.split("\"address\":\"").nth(1).expect("an address").split('"').next().expect("its end").to_owned();
    let after = highest(&server);
    let mut sent = owner.download(&address);
    let (mut expected, mut at) = (archive(), 0);
    let (mut theirs, mut ours) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let count = sent.read(&mut theirs).expect("the file");
        if count == 0 {
            break;
        }
        expected.read_exact(&mut ours[..count]).expect("no more than was sent");
        assert!(theirs[..count] == ours[..count], "it differs after {at} bytes");
        at += count as u64;
    }
    assert_eq!(at, LENGTH);
    let read = highest(&server);
    let megabytes = |bytes: u64| bytes / 1024 / 1024;
    let _ = writeln!(
        std::io::stderr(),
        "most memory: {} MB before, {} MB after the upload, {} MB after the download",
        megabytes(before),
        megabytes(after),
        megabytes(read)
    );
    assert!(read - before < MORE, "{} MB more", megabytes(read - before));
    server.stop();
}
