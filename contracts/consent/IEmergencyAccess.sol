// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Names one request for ever, on one chain and in one contract. Receipts of emergency views carry it.
type EmergencyId is bytes32;

// What a registrar found. 0 means "not reviewed".
uint8 constant VERDICT_JUSTIFIED = 1;
uint8 constant VERDICT_UNJUSTIFIED = 2;

/// @title Emergency access
/// @notice How a clinician may read the records that a patient chose for emergencies when nobody can ask the patient: only if the
/// patient turned it on beforehand, only with a second clinician's word, only after the patient's delay, for three hours at most,
/// and in public. It releases nothing by itself: keepers ask {activeRequest} before each release.
/// @dev State of one request: REQUESTED --coSign in 15 minutes--> CO-SIGNED --the patient's delay--> ACTIVE --3 hours--> over.
/// {stop} ends it from any of the three, and so does {disable}. Licences are read from the identity registry each time, so that a
/// suspension counts at once. No transition needs a transaction but those that people make.
interface IEmergencyAccess {
    /// @dev Fits one slot. All zero: the patient never turned it on.
    struct Settings {
        bool enabled; // by the patient, and not turned off since
        uint32 delay; // seconds between the co-signature and the opening
        uint32 round; // how often it was turned off: the key epoch of the chosen records, and what voids older requests
    }

    /// @dev Three slots. All zero: no such request.
    struct Request {
        address patient; // whose records
        uint48 requestedAt; // seconds
        uint48 opensAt; // seconds; the co-signature and the patient's delay, 0 = not co-signed
        address requester; // who reads
        uint48 stoppedAt; // seconds; 0 = not stopped
        uint32 round; // of the patient's settings when it was made
        uint8 verdict; // VERDICT_JUSTIFIED, VERDICT_UNJUSTIFIED, 0 = not reviewed
        address coSigner; // who gave the second word, zero = nobody yet
    }

    /// @notice The patient has not turned emergency access on.
    error EmergencyNotEnabled(address patient);

    /// @notice The settings are these already.
    error EmergencySettingsUnchanged(address patient);

    /// @notice The patient's delay may not be longer than `maximum` seconds.
    error EmergencyDelayTooLong(uint32 delay, uint32 maximum);

    /// @notice There may not be more than `maximum` contacts.
    error EmergencyTooManyContacts(uint256 count, uint256 maximum);

    /// @notice A request must commit to a reason.
    error EmergencyReasonMissing();

    /// @notice `account` asked for, or co-signed, access to its own chart.
    error EmergencyOwnChart(address account);

    /// @notice `account` is no clinician who is verified now.
    error EmergencyNotVerified(address account);

    /// @notice The clinician's verification is too young: it counts here from `countsFrom` on (seconds).
    error EmergencyTooEarly(address account, uint256 countsFrom);

    /// @notice The clinician has a request that is not over.
    error EmergencyAlreadyOpen(address requester, EmergencyId id);

    /// @notice The clinician made three requests within a day; the next one may be made at `nextAt` (seconds).
    error EmergencyTooMany(address requester, uint256 nextAt);

    /// @notice There is no such request.
    error EmergencyUnknown(EmergencyId id);

    /// @notice The request is over: stopped, never co-signed in time, closed after three hours, or void since the patient turned off.
    error EmergencyOver(EmergencyId id);

    /// @notice The request is not over yet, so that there is nothing to review.
    error EmergencyNotOver(EmergencyId id);

    /// @notice The second clinician must be another one than the first.
    error EmergencySameClinician(address account);

    /// @notice The request was co-signed before.
    error EmergencyAlreadyCoSigned(EmergencyId id, address coSigner);

    /// @notice `account` is neither the patient, nor a contact whose salt this is, nor one of the two clinicians.
    error EmergencyNotConcerned(EmergencyId id, address account);

    /// @notice Only registrars review.
    error EmergencyNotRegistrar(address account);

    /// @notice Nobody reviews a request in which they took part.
    error EmergencyOwnReview(EmergencyId id, address account);

    /// @notice The request was reviewed before.
    error EmergencyAlreadyReviewed(EmergencyId id, uint8 verdict);

    /// @notice Who used it without need must be suspended before that is written down.
    error EmergencyNotSuspended(EmergencyId id, address requester);

    /// @notice A patient turned emergency access on, or changed its settings.
    /// @param patient The patient.
    /// @param delay Seconds between the co-signature and the opening.
    /// @param round How often it was turned off before.
    /// @param contacts Salted commitments, one per contact.
    event EmergencyConfigured(address indexed patient, uint32 delay, uint32 round, bytes32[] contacts);

    /// @notice A patient turned emergency access off. Every request that ran is over.
    /// @param patient The patient.
    event EmergencyDisabled(address indexed patient);

    /// @notice A clinician asked for emergency access.
    /// @param id The request.
    /// @param patient Whose records.
    /// @param requester Who asked.
    /// @param reasonCommitment Salted commitment to the reason, which travels sealed.
    /// @param coSignBefore Seconds; without a co-signature before this time the request is over.
    event EmergencyRequested(
        EmergencyId indexed id,
        address indexed patient,
        address indexed requester,
        bytes32 reasonCommitment,
        uint48 coSignBefore
    );

    /// @notice A second clinician gave their word. The records open by themselves unless somebody stops it.
    /// @param id The request.
    /// @param patient Whose records.
    /// @param coSigner Who co-signed.
    /// @param opensAt Seconds; first moment of access.
    /// @param closesAt Seconds; first moment after it.
    event EmergencyCoSigned(
        EmergencyId indexed id,
        address indexed patient,
        address indexed coSigner,
        uint48 opensAt,
        uint48 closesAt
    );

    /// @notice Somebody concerned stopped a request, before it opened or afterwards.
    /// @param id The request.
    /// @param patient Whose records.
    /// @param by Who stopped it: the patient, a contact, or one of the two clinicians.
    /// @param hadOpened Whether the records could be read before.
    event EmergencyStopped(EmergencyId indexed id, address indexed patient, address indexed by, bool hadOpened);

    /// @notice A registrar judged a request that is over.
    /// @param id The request.
    /// @param patient Whose records.
    /// @param registrar Who judged.
    /// @param justified Whether there was need.
    event EmergencyReviewed(EmergencyId indexed id, address indexed patient, address indexed registrar, bool justified);

    /// @notice Turns emergency access on for the caller's chart, or changes its settings. A request that runs keeps its opening time.
    /// @param delay Seconds between the co-signature and the opening, a day at most. 0 opens at once.
    /// @param contacts {contactCommitment} of each person who may stop a request, five at most.
    function configure(uint32 delay, bytes32[] calldata contacts) external;

    /// @notice {configure} for a patient who signed `ConfigureEmergency(patient,delay,contacts,nonce,deadline)`.
    /// @param patient Whose chart it is.
    /// @param delay Seconds between the co-signature and the opening, a day at most.
    /// @param contacts {contactCommitment} of each contact, five at most.
    /// @param nonce The patient's next nonce in this contract.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `patient`.
    function configureBySig(
        address patient,
        uint32 delay,
        bytes32[] calldata contacts,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice Turns emergency access off for the caller's chart, and ends every request that runs.
    function disable() external;

    /// @notice {disable} for a patient who signed `DisableEmergency(patient,nonce,deadline)`.
    /// @param patient Whose chart it is.
    /// @param nonce The patient's next nonce in this contract.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `patient`.
    function disableBySig(address patient, uint256 nonce, uint48 deadline, bytes calldata signature) external;

    /// @notice Asks for emergency access. For clinicians whose verification has stood for {seniority}; one open request each, three in
    /// any 24 hours.
    /// @param patient Whose records.
    /// @param reasonCommitment Salted commitment to the reason, not zero.
    /// @return id The request.
    function request(address patient, bytes32 reasonCommitment) external returns (EmergencyId id);

    /// @notice Gives the second clinician's word, within 15 minutes after the request. Under the same rule of seniority.
    /// @param id The request.
    function coSign(EmergencyId id) external;

    /// @notice Stops a request, whether it has opened or not: who presses "stop" in the last second before the opening is not too late.
    /// For the patient, each contact, and the two clinicians.
    /// @param id The request.
    /// @param salt The caller's salt when a contact; else ignored.
    function stop(EmergencyId id, bytes32 salt) external;

    /// @notice {stop} for somebody who signed `StopEmergency(account,id,salt,deadline)`.
    /// @dev No nonce: a request can be stopped once.
    /// @param account Who stops it.
    /// @param id The request.
    /// @param salt The account's salt when a contact; else ignored.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `account`.
    function stopBySig(
        address account,
        EmergencyId id,
        bytes32 salt,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice Writes down what a registrar found about a request that is over, once. Unjustified use can only be written down while
    /// the requester is suspended, so that a verdict never stays without its consequence.
    /// @param id The request.
    /// @param justified Whether there was need.
    function review(EmergencyId id, bool justified) external;

    /// @notice The request under which a reader may read a patient's emergency records at this block's time, and its round and times.
    /// @param patient Whose records.
    /// @param reader Who wants to read.
    /// @return id The request, zero when there is none.
    /// @return round The key epoch of the records that it opens.
    /// @return opensAt Seconds; first moment of access.
    /// @return closesAt Seconds; first moment after it.
    function activeRequest(
        address patient,
        address reader
    ) external view returns (EmergencyId id, uint32 round, uint48 opensAt, uint48 closesAt);

    /// @notice Whether a reader may read a patient's emergency records at this block's time.
    /// @param patient Whose records.
    /// @param reader Who wants to read.
    /// @return Whether there is an active request.
    function isActive(address patient, address reader) external view returns (bool);

    /// @notice Whether a request is not over: it can still be co-signed, open, or be stopped.
    /// @param id The request.
    /// @return Whether it is, at this block's time.
    function isOpen(EmergencyId id) external view returns (bool);

    /// @notice A request as it is kept.
    /// @param id The request.
    /// @return All zero when there is none.
    function requestOf(EmergencyId id) external view returns (Request memory);

    /// @notice A clinician's newest request.
    /// @param requester The clinician.
    /// @return id The request, zero when there never was one.
    function latestOf(address requester) external view returns (EmergencyId id);

    /// @notice What a patient decided.
    /// @param patient The patient.
    /// @return settings All zero when never turned on.
    /// @return contacts Salted commitments, one per contact.
    function settingsOf(address patient) external view returns (Settings memory settings, bytes32[] memory contacts);

    /// @notice How long a verification must have stood, without a lapse or suspension, to count here.
    /// @return Seconds; a week unless the deployment says otherwise.
    function seniority() external view returns (uint32);

    /// @notice What stands for a contact until they stop a request.
    /// @param patient Whose contact.
    /// @param contact The contact's account.
    /// @param salt 32 random bytes, known to the two.
    /// @return keccak256(abi.encode(patient, contact, salt)).
    function contactCommitment(address patient, address contact, bytes32 salt) external pure returns (bytes32);
}
