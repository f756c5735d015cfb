//! turmoil as a thin carrier: every party is a turmoil host with one task, and every parcel crosses
//! simulated TCP on tokio as bytes. The link has already decided when a parcel is there; this stage hands
//! its bytes over at once, releases them at that time, and asserts that they have arrived, for which
//! every hop must take at least a tick. Same plan, same history as in virtual time, at any such tick.

use super::link::Parcel;
use super::node::Node;
use crate::history::{Event, Secrets};
use crate::plan::{NodeId, Place, Plan};
use std::cell::RefCell;
use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, sleep_until};
use turmoil::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use turmoil::net::{TcpListener, TcpStream};

const PORT: u16 = 8583;
/// Ticks in which the carriers connect before the run begins.
const WARM_UP_TICKS: u64 = 20;

/// Why a plan could not be run on this stage.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// Some hop takes less than a tick.
    #[error(
        "a tick of {tick_ms} ms is coarser than the shortest hop of this plan ({least_ms} ms): \
         choose a tick of at most {least_ms} ms"
    )]
    TickTooCoarse {
        /// The tick asked for.
        tick_ms: u64,
        /// The shortest hop.
        least_ms: u64,
    },
    /// turmoil gave up, or a host panicked.
    #[error("the simulation stopped: {0}")]
    Simulation(String),
}

/// Ways to break the carrier on purpose, so that tests can show that it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Breakage {
    /// None.
    #[default]
    None,
    /// Parcels that arrive late are released when they arrive, instead of failing the run.
    ReleaseLate,
    /// What a party sent in the step in which it dies is not handed over.
    LoseLastWords,
}

/// Runs a plan on turmoil at a tick and keeps its history.
///
/// # Errors
/// The tick is coarser than a hop, or the simulation failed.
pub fn run(plan: &Arc<Plan>, tick_ms: u64) -> Result<Vec<Event>, StageError> {
    let least_ms = plan.least_latency_ms();
    if tick_ms > least_ms {
        return Err(StageError::TickTooCoarse { tick_ms, least_ms });
    }
    run_broken(plan, tick_ms, Breakage::None)
}

/// As [`run`], with the carrier broken on purpose and the tick not checked.
///
/// # Errors
/// The simulation failed.
pub fn run_broken(
    plan: &Arc<Plan>,
    tick_ms: u64,
    breakage: Breakage,
) -> Result<Vec<Event>, StageError> {
    let warm_up_ms = tick_ms * WARM_UP_TICKS;
    let tick = Duration::from_millis(tick_ms);
    let mut sim = turmoil::Builder::new()
        .epoch(SystemTime::UNIX_EPOCH)
        .rng_seed(plan.seed)
        .tick_duration(tick)
        .min_message_latency(Duration::ZERO)
        .max_message_latency(Duration::ZERO)
        .simulation_duration(Duration::from_millis(warm_up_ms + plan.end_ms() + 10 * tick_ms))
        .tcp_capacity(65_536)
        .build();
    let secrets = Secrets::of(plan);
    let histories: Vec<Rc<RefCell<Vec<Event>>>> =
        (0..plan.node_count()).map(|_| Rc::default()).collect();
    for n in 0..plan.node_count() {
        let node = Node::new(plan, &secrets, NodeId(n));
        let history = Rc::clone(&histories[n as usize]);
        let host = Host {
            peers: peers(plan, NodeId(n)),
            plan: Arc::clone(plan),
            id: NodeId(n),
            node,
            warm_up_ms,
            breakage,
            last_step_ms: None,
        };
        sim.client(
            address(NodeId(n)),
            async move { host.live(&history).await.map_err(Into::into) },
        );
    }
    sim.run().map_err(|error| StageError::Simulation(error.to_string()))?;
    drop(sim);
    let mut events: Vec<Event> = histories.into_iter().flat_map(|history| history.take()).collect();
    events.sort_by_key(Event::key);
    Ok(events)
}

/// The address of a party's host.
pub(super) fn address(node: NodeId) -> IpAddr {
    let [high, low] = (node.0 + 1).to_be_bytes();
    IpAddr::V4(Ipv4Addr::new(192, 168, high, low))
}

/// Whom a party exchanges parcels with: its neighbours, and terminals to which slips are carried.
fn peers(plan: &Plan, id: NodeId) -> Vec<NodeId> {
    let acquirer = plan.node(Place::Acquirer);
    let mut peers: Vec<NodeId> = match plan.place(id) {
        Place::Acquirer => (0..plan.node_count()).map(NodeId).collect(),
        Place::Issuer => vec![acquirer],
        Place::Terminal(n) => {
            let mut peers = vec![acquirer];
            for op in &plan.ops {
                let Some(of) = op.task.of() else { continue };
                let sold_at = plan.ops[of as usize].terminal;
                if op.terminal == n || sold_at == n {
                    peers.extend([NodeId(op.terminal), NodeId(sold_at)]);
                }
            }
            peers
        }
    };
    peers.retain(|peer| *peer != id);
    peers.sort_unstable();
    peers.dedup();
    peers
}

struct Host {
    plan: Arc<Plan>,
    id: NodeId,
    node: Node,
    peers: Vec<NodeId>,
    warm_up_ms: u64,
    breakage: Breakage,
    last_step_ms: Option<u64>,
}

/// What comes from one peer: the stream and what is not yet a whole parcel.
struct Reader {
    stream: OwnedReadHalf,
    bytes: Vec<u8>,
    open: bool,
}

impl Host {
    async fn live(mut self, history: &RefCell<Vec<Event>>) -> std::io::Result<()> {
        let start = Instant::now() + Duration::from_millis(self.warm_up_ms);
        let (mut readers, mut writers) = self.connect().await?;
        loop {
            let next_ms = self.node.next_due_ms().filter(|due| *due <= self.plan.end_ms());
            let wake_ms = next_ms.unwrap_or(self.plan.end_ms() + 1);
            let wake = sleep_until(start + Duration::from_millis(wake_ms));
            tokio::select! {
                biased;
                parcels = read_some(&mut readers) => {
                    for parcel in parcels {
                        self.arrived(start, parcel);
                    }
                    continue;
                }
                () = wake => {}
            }
            let Some(now_ms) = next_ms else { break };
            self.node.step(now_ms);
            self.last_step_ms = Some(now_ms);
            let died = self
                .node
                .events
                .iter()
                .any(|event| matches!(event.what, crate::history::What::Crashed { .. }));
            history.borrow_mut().append(&mut self.node.events);
            if died && self.breakage == Breakage::LoseLastWords {
                self.node.out.clear();
            }
            for parcel in std::mem::take(&mut self.node.out) {
                let at = self.peers.iter().position(|peer| *peer == parcel.to);
                let writer = &mut writers[at.expect("parcels go to neighbours")];
                writer.write_all(&framed(&parcel)).await?;
            }
        }
        Ok(())
    }

    /// The law of this stage: what is due has arrived.
    fn arrived(&mut self, start: Instant, mut parcel: Parcel) {
        let late = self.last_step_ms.is_some_and(|last| parcel.due_ms <= last);
        if late && self.breakage == Breakage::ReleaseLate {
            let now = Instant::now().duration_since(start).as_millis();
            let now_ms = u64::try_from(now).expect("runs are short");
            parcel.due_ms = now_ms.max(self.last_step_ms.unwrap_or(0) + 1);
        } else {
            assert!(!late, "a parcel due at {} ms arrived after that", parcel.due_ms);
        }
        self.node.accept(parcel);
    }

    /// One stream per pair of neighbours: the lower number dials and says who it is.
    async fn connect(&self) -> std::io::Result<(Vec<Reader>, Vec<OwnedWriteHalf>)> {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
        // Hosts start one after another; by now every one of them listens.
        tokio::time::sleep(Duration::from_millis(self.warm_up_ms / 4)).await;
        let mut streams: Vec<(NodeId, TcpStream)> = Vec::new();
        for peer in self.peers.iter().filter(|peer| **peer > self.id) {
            let mut stream = TcpStream::connect((address(*peer), PORT)).await?;
            stream.write_all(&self.id.0.to_be_bytes()).await?;
            streams.push((*peer, stream));
        }
        while streams.len() < self.peers.len() {
            let (mut stream, _) = listener.accept().await?;
            let mut hello = [0u8; 2];
            stream.read_exact(&mut hello).await?;
            streams.push((NodeId(u16::from_be_bytes(hello)), stream));
        }
        streams.sort_by_key(|(peer, _)| *peer);
        let halves = streams.into_iter().map(|(_, stream)| stream.into_split());
        let (readers, writers) = halves
            .map(|(stream, writer)| (Reader { stream, bytes: Vec::new(), open: true }, writer))
            .unzip();
        Ok((readers, writers))
    }
}

fn framed(parcel: &Parcel) -> Vec<u8> {
    let body = postcard::to_stdvec(parcel).expect("a parcel always serialises");
    let mut bytes = u32::try_from(body.len()).expect("parcels are small").to_be_bytes().to_vec();
    bytes.extend_from_slice(&body);
    bytes
}

/// Waits until something has come and takes all of it.
async fn read_some(readers: &mut [Reader]) -> Vec<Parcel> {
    poll_fn(|context| {
        let mut parcels = Vec::new();
        for reader in readers.iter_mut() {
            while reader.open && reader.poll_read(context) {}
            reader.whole_parcels(&mut parcels);
        }
        if parcels.is_empty() { Poll::Pending } else { Poll::Ready(parcels) }
    })
    .await
}

impl Reader {
    /// Whether something was read.
    fn poll_read(&mut self, context: &mut Context<'_>) -> bool {
        let mut space = [0u8; 4096];
        let mut buffer = ReadBuf::new(&mut space);
        match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
            Poll::Pending => false,
            Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                self.bytes.extend_from_slice(buffer.filled());
                true
            }
            // The peer's run is over.
            Poll::Ready(_) => {
                self.open = false;
                false
            }
        }
    }

    fn whole_parcels(&mut self, parcels: &mut Vec<Parcel>) {
        while let Some((head, rest)) = self.bytes.split_first_chunk::<4>() {
            let length = usize::try_from(u32::from_be_bytes(*head)).expect("32 bits fit");
            let Some(body) = rest.get(..length) else { return };
            parcels.push(postcard::from_bytes(body).expect("our own parcel"));
            self.bytes.drain(..4 + length);
        }
    }
}
