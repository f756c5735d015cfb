//! Why each design choice matters, and what to look for when it is made another way.

/// Party, key, the rule, why it matters and what to look for.
pub(super) const WHY: &[(&str, &str, &str, &str)] = &[
    (
        "terminal",
        "reversal_record",
        "flows 4.1; soundness 5",
        "Between the send and the record lies a moment in which a power cut leaves a sale that \
         nobody knows of. Look for a crash before `append sale pending`.",
    ),
    (
        "terminal",
        "record_content",
        "soundness 22",
        "A reversal needs the original's numbers, not the card. Look for a leak at the sync of the record.",
    ),
    (
        "terminal",
        "reversal_done",
        "flows 5",
        "An answer that refuses the reversal has undone nothing. Look at the 0410's code, and at \
         the debit after it.",
    ),
    (
        "terminal",
        "reversal_attempts",
        "flows 5; soundness 16",
        "An outage is longer than any number of tries. Look for the record that was dropped while \
         the line was down.",
    ),
    (
        "terminal",
        "reply_matching",
        "flows 2; soundness 9",
        "A late approval fits the next sale as well, if numbers are not compared. Look for a \
         reply with another STAN.",
    ),
    (
        "terminal",
        "bad_mac_reply",
        "soundness 7",
        "A reply that cannot be trusted is no decline: behind it the issuer may have debited.",
    ),
    (
        "terminal",
        "indefinite_reply",
        "soundness 3",
        "09, 68 and 94 say that somebody else is at work. Look for the debit of the first copy.",
    ),
    (
        "terminal",
        "timeout_shows",
        "soundness, codes",
        "Silence is not a shortage of money. Look for 51 on the screen without any decision at the issuer.",
    ),
    (
        "terminal",
        "unknown_code_shows",
        "soundness, codes",
        "A code that is in no table is shown as it is, with the generic text; neither as 51 nor \
         as an approval.",
    ),
    (
        "terminal",
        "paid_intent",
        "soundness 6",
        "A double press makes two transactions that are each in order. Only the purchase above them tells.",
    ),
    (
        "terminal",
        "printer_fault",
        "soundness 6; flows 4.1; B68",
        "A printer's error says nothing about the money, and nothing certain about the paper. Look at what \
         follows the slip that did not print: a note, a 0400, or nothing until it prints again.",
    ),
    (
        "terminal",
        "unannounced",
        "soundness 6",
        "An approval is in the journal, and nobody knows whether its slip came out. Look at the \
         first steps after the boot.",
    ),
    (
        "terminal",
        "new_batch",
        "soundness 8 and 10",
        "A new batch is offered where STANs may come again. Whoever stays in the old one gives new sales \
         the names of old ones. Look for two operations under one batch and STAN.",
    ),
    (
        "terminal",
        "declined_void",
        "flows 4.2; B30",
        "A void asks and may be refused; the sale then stands, and the customer must be told so. Look for a \
         screen that says done beside an answer that says no.",
    ),
    (
        "terminal",
        "refused_refund",
        "soundness 14; B30",
        "An acquirer may refuse a refund for good, and then no money goes back. Look for a slip of a refund \
         that the acquirer never booked.",
    ),
    (
        "terminal",
        "balance_sign",
        "flows 4.5",
        "C before the amount is the holder's money, D what the holder owes. Whoever reads only the digits \
         tells a customer in debt to go on and pay. Look for a screen without the minus.",
    ),
    (
        "terminal",
        "code_words",
        "soundness, codes; B38, B41",
        "The customer acts on the words: another card, another day, a call to the bank. Look for a screen \
         whose words are not those of the code beside them.",
    ),
    (
        "terminal",
        "part_taken",
        "flows 8; B44",
        "With 10 only DE4 of the reply says what was taken. A slip over the whole lets the goods go for a part of \
         their price. Look at DE4 of the 0210 against the slip.",
    ),
    (
        "acquirer",
        "forward_record",
        "soundness 2a",
        "What was forwarded must be known after a crash, or nobody takes it back. Look for a \
         crash between the leg-2 send and the record.",
    ),
    (
        "acquirer",
        "promise_sync",
        "soundness 2b",
        "A terminal that was told 00 forgets the sale: the promise must be on disk first. Look \
         for a crash after the 0410.",
    ),
    (
        "acquirer",
        "open_original",
        "soundness 2c",
        "Not found and not yet found are different. Look for the late approval behind a reversal \
         that was answered 25.",
    ),
    (
        "acquirer",
        "reversed_answer",
        "soundness 1 and 3",
        "Whoever undoes a sale has said no to it for good. Look for an answer 00 behind the undoing, and \
         for the copy of the request that fetched it.",
    ),
    (
        "acquirer",
        "nothing_found",
        "soundness 2c",
        "25 says that there never will be anything to undo. Look for the original that came after its \
         own reversal.",
    ),
    (
        "acquirer",
        "undoer",
        "soundness 1",
        "Once an approval may be on its way, two who can undo make a slip without a debit. Look \
         for an own reversal after a link went down.",
    ),
    (
        "acquirer",
        "duplicate_key",
        "soundness 9",
        "Copies are made by proxies and queues. Look for two RRNs under one STAN.",
    ),
    (
        "acquirer",
        "mac_required",
        "soundness 7; flows 12",
        "A comparison that finds no MAC to compare must fail, not pass. Look for a damaged message \
         and the record that follows it.",
    ),
    (
        "acquirer",
        "open_duplicate",
        "soundness 3",
        "While the first copy is open there is no stored answer to give. Look for a second \
         forward of the same STAN.",
    ),
    (
        "acquirer",
        "issuer_silence",
        "soundness 4",
        "After a send, silence means doubt: the acquirer owes an own reversal and a code that \
         says so. Look for what it told the terminal, and for the advice.",
    ),
    (
        "acquirer",
        "original_date",
        "flows 4.3; B55",
        "DE13 has no year. Whoever puts one in must not put in today's. Look for a 25 on a refund whose sale \
         stands in the books.",
    ),
    (
        "acquirer",
        "decline_code",
        "soundness, codes; B39",
        "The issuer decided and its code says why; every hop passes it on as it is. Look at DE39 on either leg.",
    ),
    (
        "acquirer",
        "captured_part",
        "flows 8, 11; B44",
        "The merchant is credited what the holder is debited, and that is the part. Look at DE4 of the issuer's \
         0210 against the capture.",
    ),
    (
        "acquirer",
        "retention",
        "soundness 11",
        "A key must outlive the latest copy. Look for the delay of the copy against the time for \
         which keys are kept.",
    ),
    (
        "acquirer",
        "advice_tries",
        "soundness 16",
        "An advice states a fact: it is delivered or handed to people, never dropped. Look for \
         `advice dropped` and the books after it.",
    ),
    (
        "acquirer",
        "refund_guard",
        "soundness 13 and 14",
        "Two refunds that are each within the sale can exceed it together, and a sale that is not \
         confirmed may still be reversed.",
    ),
    (
        "acquirer",
        "portal_guard",
        "soundness 13 and 14; B90",
        "What the portal gives back and what the tills give back comes out of one sale. Look for `posts portal \
         refund` and `posts refund` on one RRN, and what the second was held against.",
    ),
    (
        "acquirer",
        "chargeback_guard",
        "soundness 13; flows 11; B83",
        "A holder who was refunded may dispute all the same, and a sale in doubt is disputed before its reversal \
         is through. Look for `posts chargeback` beside another way back on one RRN.",
    ),
    (
        "acquirer",
        "void_guard",
        "flows 4.2; soundness 13; B29",
        "A void gives a whole sale back. Look for what was given back of it before, what is still on its way \
         to be, and whether its batch and day are over.",
    ),
    (
        "acquirer",
        "reversal_lookup",
        "soundness 9",
        "A void's 0400 has two transactions in it: in DE60.2 and DE11 itself, in DE61 the sale. Look which of \
         them was undone.",
    ),
    (
        "acquirer",
        "void_reversed",
        "flows 4.2; soundness 15",
        "A void that nobody heard of must not have happened: the sale stands again, at both hosts. Look for a \
         void reversal at only one of them.",
    ),
    (
        "acquirer",
        "fee_on_void",
        "flows 9",
        "What was voided costs nothing. Look for a void without the fee given back under its number.",
    ),
    (
        "acquirer",
        "shortage_code",
        "soundness, codes",
        "The shop's empty pool is not the customer's empty account. Look for 51 on a refund.",
    ),
    (
        "acquirer",
        "fee_scope",
        "flows 9",
        "Sums of rounded fees and rounded fees of sums differ by a fen here and there, and a cap on a sum \
         is another contract. Compare each sale's fee with the table.",
    ),
    (
        "acquirer",
        "tier_boundary",
        "flows 9",
        "One comparison decides about the amount that stands on the boundary. Look for a sale of just that.",
    ),
    (
        "acquirer",
        "fee_on_reversal",
        "flows 9",
        "A sale that was reversed never was. Look for a fee posting under its RRN that nothing gave back.",
    ),
    (
        "acquirer",
        "capture_day",
        "flows 10",
        "Between the cut-off and midnight the date on the wall names a day that is closed. Look for \
         captures of that hour.",
    ),
    (
        "acquirer",
        "payout_job",
        "flows 10",
        "A job that is started again after a crash must know what it has done. Look for two payouts \
         of one clearing day.",
    ),
    (
        "acquirer",
        "after_cut_off",
        "soundness 16; B80",
        "What has become a repair case is settled by people and files. An advice that is sent all \
         the same may arrive as well. Look for a 0420 after the repair case.",
    ),
    (
        "acquirer",
        "repair_job",
        "soundness 16",
        "A case that is closed stays closed, whoever starts the job again. Look for a second RC of \
         one RRN.",
    ),
    (
        "issuer",
        "duplicate_key",
        "soundness 23",
        "The same RRN is the same transaction, however often it comes. Look for two decisions under one RRN.",
    ),
    (
        "issuer",
        "tombstones",
        "flows 5",
        "A reversal that comes first must be remembered, or its original is approved behind it. \
         Look for an 0420 before its 0200.",
    ),
    (
        "issuer",
        "commit",
        "soundness 2d",
        "A reply that leaves before the posting is durable can be the only trace of it. Look for \
         a crash after the send of the reply.",
    ),
    (
        "issuer",
        "advice_commit",
        "soundness 2d",
        "An acknowledged advice is never sent again. Look for a crash between the 0430 and its record.",
    ),
    (
        "issuer",
        "adjustment_guard",
        "soundness 16",
        "An advice whose acknowledgement was lost has been booked. The adjustment that comes for it \
         must find that out. Look for two postings under one RRN.",
    ),
    (
        "issuer",
        "frozen_code",
        "requirement S009; soundness 14",
        "A frozen account has its money. Look for 51 where the rebuilt balance is enough.",
    ),
    (
        "issuer",
        "balance_read",
        "soundness, codes",
        "A copy of the ledger that lags sees money that is gone, and none that has come. Look at \
         the postings shortly before the decision.",
    ),
    (
        "issuer",
        "pin_count",
        "flows 8",
        "An entry is what a person keyed, however many messages it takes to decide it. Look at the \
         tries between two decisions on one card.",
    ),
    (
        "issuer",
        "completion_limit",
        "flows 4.4",
        "The cardholder agreed to an amount and a little over it. Look at the completion beside the hold that \
         it used up.",
    ),
    (
        "issuer",
        "completion_guard",
        "flows 4.4",
        "What was voided was given free, and the holder may have spent it. Look for a void of the \
         pre-authorisation before the completion.",
    ),
    (
        "issuer",
        "hold_end",
        "flows 4.4; soundness 15 and 19",
        "A hold that nothing ends keeps the holder's money from the holder. Look for the release beside each \
         void.",
    ),
    (
        "issuer",
        "closed_credit",
        "soundness 14; B25",
        "A refund that was accepted is a fact, and the merchant has paid it. Money that no account can take \
         belongs among the returned refunds. Look for a 14 to a 0220.",
    ),
    (
        "issuer",
        "repeated_advice",
        "soundness 2d, 16 and 23",
        "Its acknowledgement was lost, so it comes again. Whether it then gets its first answer or 94, it is \
         booked once. Look for two credits under one RRN.",
    ),
    (
        "acquirer",
        "advice_known",
        "soundness 16; B78",
        "94 to an advice says that its first copy arrived. Whoever takes it for a refusal sends it for ever. \
         Look for the same 0420 or 0220 once a minute.",
    ),
    (
        "acquirer",
        "price_day",
        "flows 9 and 10; B61",
        "A new rate begins with a clearing day, and that begins at the cut-off of the evening before. Look for \
         a capture between the cut-off and midnight.",
    ),
    (
        "terminal",
        "refund_repeat",
        "soundness 14; B24",
        "A refund without an answer may have been accepted. Under a new STAN nobody can know it again. Look for \
         two refunds of one operation.",
    ),
    (
        "terminal",
        "framing",
        "flows 1; B75",
        "A line carries bytes and not messages, and may cut them anywhere. Look for a reply that came in two \
         pieces, and for the line that was given up there.",
    ),
    (
        "terminal",
        "pending_at_settlement",
        "flows 4.8",
        "A settlement clears the journal, and with it the only record that a doubtful sale must be undone. \
         Look for a pending reversal before `append settling`.",
    ),
    (
        "terminal",
        "settling_lock",
        "soundness 17",
        "Totals are final once they are sent. Look for a restart after the 0500 and a sale in the same batch \
         after it.",
    ),
    (
        "terminal",
        "uploaded_lines",
        "flows 4.8",
        "The upload is what the centre closes the batch with: what is missing in it is nowhere, and what is \
         too much has no cardholder. Look at the items that only one side has.",
    ),
    (
        "terminal",
        "upload_flags",
        "flows 4.8; soundness 17",
        "An upload may be cut at any record. Without flags it begins again, which is harmless only at a \
         centre that counts each record once. Look for a record that is taken twice.",
    ),
    (
        "terminal",
        "batch_end",
        "flows 4.8",
        "207 tells the centre that nothing was different. Look at the verdict of the 0510 before it.",
    ),
    (
        "acquirer",
        "totals_verdict",
        "flows 4.8",
        "Only a comparison finds what was lost on one side, and only a `2` brings the details that mend it. \
         Look at the totals of both sides beside the verdict.",
    ),
    (
        "acquirer",
        "upload_again",
        "soundness 17",
        "A part whose answer was lost is uploaded again. Look for a second capture of one STAN.",
    ),
    (
        "acquirer",
        "upload_unknown",
        "flows 11; requirement S105",
        "An upload is the terminal's word. Money moves only on what an issuer approved. Look for a capture \
         that no debit belongs to.",
    ),
    (
        "acquirer",
        "end_message",
        "flows 4.8",
        "A batch that is closed is not looked at again. Look at what was still different when it was.",
    ),
    (
        "acquirer",
        "closed_batch",
        "soundness 11",
        "A request that comes after its batch was closed is an old copy: whoever sent it settled long ago. \
         Look for a debit in a batch that was closed before.",
    ),
];
