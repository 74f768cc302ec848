//! A name server whose answers may change from one query to the next. Nothing it says may be remembered (TTL 0).

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use tokio::net::UdpSocket;

const A: u16 = 1;
const AAAA: u16 = 28;

/// What a name resolves to: first this, then that; the last stays.
type Answers = Vec<Vec<IpAddr>>;

#[derive(Default)]
struct Shared {
    zone: Mutex<HashMap<String, Answers>>,
    asked: Mutex<HashMap<(String, u16), usize>>,
}

/// The name server; it lives as long as the test.
#[derive(Clone, Default)]
pub(super) struct Dns(Arc<Shared>);

impl Dns {
    /// Listens at 127.0.0.1:53.
    pub(super) async fn start() -> Self {
        let dns = Self::default();
        let socket = UdpSocket::bind("127.0.0.1:53").await.unwrap();
        let serving = dns.clone();
        tokio::spawn(async move {
            let mut packet = [0; 1500];
            loop {
                let (length, from) = socket.recv_from(&mut packet).await.unwrap();
                if let Some(answer) = serving.answer(&packet[..length]) {
                    socket.send_to(&answer, from).await.unwrap();
                }
            }
        });
        dns
    }

    /// Gives a name its addresses, one list after the other. No list at all: its queries are never answered.
    pub(super) fn set(&self, name: &str, answers: &[&[&str]]) {
        let answers = answers.iter().map(|list| list.iter().map(|ip| ip.parse().unwrap()).collect()).collect();
        self.0.zone.lock().unwrap().insert(name.to_owned(), answers);
    }

    /// How often IPv4 addresses of a name were asked for.
    pub(super) fn asked(&self, name: &str) -> usize {
        self.0.asked.lock().unwrap().get(&(name.to_owned(), A)).copied().unwrap_or(0)
    }

    fn answer(&self, query: &[u8]) -> Option<Vec<u8>> {
        // RFC 1035, 4.1: a header of 12 bytes, then the question: labels, a zero, type and class.
        let mut labels = Vec::new();
        let mut at = 12;
        while query[at] != 0 {
            let end = at + 1 + usize::from(query[at]);
            labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_lowercase());
            at = end;
        }
        let name = labels.join(".");
        let kind = u16::from_be_bytes([query[at + 1], query[at + 2]]);
        let question = &query[12..at + 5];
        let turn = {
            let mut asked = self.0.asked.lock().unwrap();
            let count = asked.entry((name.clone(), kind)).or_insert(0);
            *count += 1;
            *count - 1
        };
        let zone = self.0.zone.lock().unwrap();
        let known = zone.get(&name);
        let addresses = match known {
            Some(answers) => answers.get(turn).or(answers.last())?.clone(),
            None => Vec::new(),
        };
        let data: Vec<Vec<u8>> = addresses
            .into_iter()
            .filter_map(|ip| match ip {
                IpAddr::V4(ip) if kind == A => Some(ip.octets().to_vec()),
                IpAddr::V6(ip) if kind == AAAA => Some(ip.octets().to_vec()),
                _ => None,
            })
            .collect();
        let mut answer = query[..2].to_vec();
        // A recursive answer; 3 is "no such name".
        answer.extend([0x81, if known.is_some() { 0x80 } else { 0x83 }, 0, 1, 0, u8::try_from(data.len()).unwrap(), 0, 0, 0, 0]);
        answer.extend(question);
        for address in data {
            // The name of the question, type, class IN, TTL 0.
            answer.extend([0xc0, 12]);
            answer.extend(kind.to_be_bytes());
            answer.extend([0, 1, 0, 0, 0, 0, 0, u8::try_from(address.len()).unwrap()]);
            answer.extend(address);
        }
        Some(answer)
    }
}
