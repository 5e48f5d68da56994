//! Stand-in for `guwu_core::record::Reader` with the same shape, until that one is merged.
//! A record begins at a line that begins with a digit; it is a failure when its first line holds `ERROR`.

use guwu_core::model::{Exception, Failure, Options, Origin, Platform};

/// Where reading can be taken up again.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// Byte offset.
    pub offset: u64,
    /// Lines before it.
    pub line: u64,
}

/// Turns bytes into failures.
#[derive(Debug)]
pub struct Reader {
    source: String,
    at: Checkpoint,
    held: Vec<u8>,
    out: Vec<Failure>,
}

impl Reader {
    /// From the start.
    pub fn new(options: &Options) -> Reader {
        Reader::resume(options, Checkpoint::default())
    }

    /// From a checkpoint.
    pub fn resume(options: &Options, at: Checkpoint) -> Reader {
        Reader {
            source: options.source.clone(),
            at,
            held: Vec::new(),
            out: Vec::new(),
        }
    }

    /// More bytes.
    pub fn feed(&mut self, chunk: &[u8]) {
        self.held.extend_from_slice(chunk);
        while let Some(end) = self
            .held
            .windows(2)
            .position(|w| w[0] == b'\n' && w[1].is_ascii_digit())
        {
            let record: Vec<u8> = self.held.drain(..=end).collect();
            self.record(&record);
            self.at.offset += record.len() as u64;
            self.at.line += record.iter().filter(|b| **b == b'\n').count() as u64;
        }
    }

    /// The end, for now.
    pub fn finish(&mut self) {
        let held = std::mem::take(&mut self.held);
        self.record(&held);
    }

    /// What was found since the last call.
    pub fn take(&mut self) -> Vec<Failure> {
        std::mem::take(&mut self.out)
    }

    /// Where to take up again.
    pub fn checkpoint(&self) -> Checkpoint {
        self.at
    }

    fn record(&mut self, record: &[u8]) {
        let text = String::from_utf8_lossy(record);
        let first = text.lines().next().unwrap_or_default();
        let Some((stamp, message)) = first.split_once(" ERROR ") else {
            return;
        };
        let last = text.trim_end().lines().last().unwrap_or_default();
        let name = if last == first { message } else { last };
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        self.out.push(Failure {
            platform: Platform::Python,
            exceptions: vec![Exception {
                message: Some(name.to_owned()),
                ..Exception::default()
            }],
            fingerprint: format!("1:{hash:016x}"),
            family: format!("1:{hash:016x}"),
            pattern: "GW999".to_owned(),
            title: name.to_owned(),
            level: Some("ERROR".to_owned()),
            logger: None,
            timestamp: Some(stamp.to_owned()),
            log_message: Some(message.to_owned()),
            count: 1,
            partial: !record.ends_with(b"\n"),
            origin: Origin {
                source: self.source.clone(),
                line: self.at.line + 1,
                offset: self.at.offset,
            },
            notes: Vec::new(),
        });
    }
}
