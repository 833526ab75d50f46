//! A proof of work: a number that takes many tries to find and one to check. `static/work.js` finds it.

use sha2::{Digest, Sha256};

use crate::model::{ids::PostId, time::Time};

/// A hash has to begin with so many zeros: a quarter of a million tries, about a second.
pub const BITS: u32 = 18;

const HOUR_MILLIS: i64 = 3_600_000;

/// Whether `work` (`HOUR:NUMBER`, the hour counted from 1970) was found for this text, as typed, under this post, in this
/// hour or the ones beside it: clocks differ, and forms are sent later than they are filled in.
pub fn is_done(work: &str, post: PostId, text: &str, now: Time) -> bool {
    let Some((hour, number)) = work.split_once(':') else { return false };
    let (Ok(hour), Ok(number)) = (hour.parse::<i64>(), number.parse::<u32>()) else { return false };
    let this_hour = now.0.div_euclid(HOUR_MILLIS);
    (this_hour - 1..=this_hour + 1).contains(&hour) && zeros(post, hour, text, number) >= BITS
}

/// With how many zeros the hash begins: that of the hash of what the work is for, and the number.
fn zeros(post: PostId, hour: i64, text: &str, number: u32) -> u32 {
    // Browsers end lines their own way.
    let text = text.replace("\r\n", "\n");
    let wanted = Sha256::digest(format!("{}\n{hour}\n{text}", post.0));
    let found = Sha256::new().chain_update(wanted).chain_update(number.to_be_bytes()).finalize();
    found.iter().take(4).fold(0, |bits, byte| bits << 8 | u32::from(*byte)).leading_zeros()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AT: Time = Time(464_471 * HOUR_MILLIS + 5);

    #[test]
    fn work_counts_for_one_text_under_one_post_and_about_an_hour() {
        let (post, text) = (PostId(7), "Terima kasih,\nsaya faham.");
        let number = (0..u32::MAX).find(|number| zeros(post, 464_471, text, *number) >= BITS).unwrap();
        let work = format!("464471:{number}");
        // As static/work.js finds it.
        assert_eq!(work, FOUND_BY_SCRIPT);
        assert!(is_done(&work, post, text, AT) && is_done(&work, post, &text.replace('\n', "\r\n"), AT));
        assert!(is_done(&work, post, text, AT.plus(HOUR_MILLIS)) && is_done(&work, post, text, AT.plus(-HOUR_MILLIS)));
        assert!(!is_done(&work, post, text, AT.plus(2 * HOUR_MILLIS)), "it is old");
        assert!(!is_done(&work, post, text, AT.plus(-2 * HOUR_MILLIS)), "it is for later");
        assert!(!is_done(&work, PostId(8), text, AT) && !is_done(&work, post, "Terima kasih", AT));
        assert!(!is_done(&format!("464471:{}", number + 1), post, text, AT));
    }

    const FOUND_BY_SCRIPT: &str = "464471:18335";

    proptest! {
        #[test]
        fn what_is_no_work_counts_nothing(work in "\\PC{0,40}", hour in any::<i64>(), number in any::<i64>()) {
            prop_assert!(!is_done(&work, PostId(7), "text", AT));
            let other = format!("{hour}:{number}");
            prop_assert!(!is_done(&other, PostId(7), "text", Time(i64::MAX)));
        }
    }
}
