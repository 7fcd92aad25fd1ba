// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {EmergencyId, IEmergencyAccess, VERDICT_JUSTIFIED, VERDICT_UNJUSTIFIED} from "./IEmergencyAccess.sol";
import {IIdentityRegistry, ROLE_CLINICIAN} from "../identity/IIdentityRegistry.sol";
import {SignedActs} from "../SignedActs.sol";

/// @title Emergency access
/// @notice Two clinicians, the patient's delay, three hours, in public. A contract of its own: its signing domain is its own address.
/// @dev It holds no role and no power over {Carekey}: it reads licences and registrars there and writes nothing.
contract EmergencyAccess is IEmergencyAccess, SignedActs {
    /// @dev When a clinician's three newest requests were made. Fits one slot; 0 = there was none.
    struct Recent {
        uint48 first; // oldest of the three, seconds
        uint48 second;
        uint48 third; // newest
        uint64 count; // of all requests ever, which makes each id another
    }

    uint32 private constant MAX_DELAY = 1 days;
    uint256 private constant MAX_CONTACTS = 5;
    uint48 private constant CO_SIGN_WINDOW = 15 minutes;
    uint48 private constant OPEN_FOR = 3 hours;
    uint48 private constant QUOTA_WINDOW = 1 days; // three requests in it

    bytes32 private constant REGISTRAR_ROLE = keccak256("REGISTRAR_ROLE");
    bytes32 private constant T_REQUEST = keccak256("carekey/emergency/request/v1");
    bytes32 private constant CONFIGURE_TYPEHASH = keccak256(
        "ConfigureEmergency(address patient,uint32 delay,bytes32[] contacts,uint256 nonce,uint48 deadline)"
    );
    bytes32 private constant DISABLE_TYPEHASH = keccak256(
        "DisableEmergency(address patient,uint256 nonce,uint48 deadline)"
    );
    bytes32 private constant STOP_TYPEHASH = keccak256(
        "StopEmergency(address account,bytes32 id,bytes32 salt,uint48 deadline)"
    );

    /// @inheritdoc IEmergencyAccess
    uint32 public immutable seniority;

    address private immutable _carekey;

    mapping(address patient => Settings) private _settings;
    mapping(address patient => bytes32[]) private _contacts;
    mapping(EmergencyId id => Request) private _requests;
    mapping(address requester => EmergencyId) private _latest;
    mapping(address requester => Recent) private _recent;

    /// @param carekey Where licences and registrars are read.
    /// @param seniority_ Seconds that a verification must have stood to count here.
    constructor(address carekey, uint32 seniority_) {
        _carekey = carekey;
        seniority = seniority_;
    }

    /// @inheritdoc IEmergencyAccess
    function configure(uint32 delay, bytes32[] calldata contacts) external {
        _configure(msg.sender, delay, contacts);
    }

    /// @inheritdoc IEmergencyAccess
    function configureBySig(
        address patient,
        uint32 delay,
        bytes32[] calldata contacts,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 list = keccak256(abi.encodePacked(contacts));
        bytes32 structHash = keccak256(abi.encode(CONFIGURE_TYPEHASH, patient, delay, list, nonce, deadline));
        _useSignature(patient, structHash, nonce, deadline, signature);
        _configure(patient, delay, contacts);
    }

    /// @inheritdoc IEmergencyAccess
    function disable() external {
        _disable(msg.sender);
    }

    /// @inheritdoc IEmergencyAccess
    function disableBySig(address patient, uint256 nonce, uint48 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(DISABLE_TYPEHASH, patient, nonce, deadline));
        _useSignature(patient, structHash, nonce, deadline, signature);
        _disable(patient);
    }

    /// @inheritdoc IEmergencyAccess
    function request(address patient, bytes32 reasonCommitment) external returns (EmergencyId id) {
        Settings memory settings = _settings[patient];
        if (!settings.enabled) revert EmergencyNotEnabled(patient);
        if (reasonCommitment == 0) revert EmergencyReasonMissing();
        if (msg.sender == patient) revert EmergencyOwnChart(patient);
        _checkSenior(msg.sender);
        EmergencyId running = _latest[msg.sender];
        if (isOpen(running)) revert EmergencyAlreadyOpen(msg.sender, running);
        uint64 number = _countRequest(msg.sender);
        id = EmergencyId.wrap(
            keccak256(abi.encode(T_REQUEST, block.chainid, address(this), patient, msg.sender, number))
        );
        _latest[msg.sender] = id;
        Request storage made = _requests[id];
        made.patient = patient;
        made.requestedAt = uint48(block.timestamp);
        made.requester = msg.sender;
        made.round = settings.round;
        emit EmergencyRequested(id, patient, msg.sender, reasonCommitment, uint48(block.timestamp) + CO_SIGN_WINDOW);
    }

    /// @inheritdoc IEmergencyAccess
    function coSign(EmergencyId id) external {
        Request storage asked = _known(id);
        if (asked.coSigner != address(0)) revert EmergencyAlreadyCoSigned(id, asked.coSigner);
        if (!isOpen(id)) revert EmergencyOver(id);
        if (msg.sender == asked.requester) revert EmergencySameClinician(msg.sender);
        if (msg.sender == asked.patient) revert EmergencyOwnChart(msg.sender);
        _checkSenior(msg.sender);
        uint48 opensAt = uint48(block.timestamp) + _settings[asked.patient].delay;
        asked.opensAt = opensAt;
        asked.coSigner = msg.sender;
        emit EmergencyCoSigned(id, asked.patient, msg.sender, opensAt, opensAt + OPEN_FOR);
    }

    /// @inheritdoc IEmergencyAccess
    function stop(EmergencyId id, bytes32 salt) external {
        _stop(msg.sender, id, salt);
    }

    /// @inheritdoc IEmergencyAccess
    function stopBySig(
        address account,
        EmergencyId id,
        bytes32 salt,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(STOP_TYPEHASH, account, id, salt, deadline));
        _checkSignature(account, structHash, deadline, signature);
        _stop(account, id, salt);
    }

    /// @inheritdoc IEmergencyAccess
    function review(EmergencyId id, bool justified) external {
        if (!IAccessControl(_carekey).hasRole(REGISTRAR_ROLE, msg.sender)) revert EmergencyNotRegistrar(msg.sender);
        Request storage asked = _known(id);
        if (msg.sender == asked.requester || msg.sender == asked.coSigner || msg.sender == asked.patient) {
            revert EmergencyOwnReview(id, msg.sender);
        }
        if (asked.verdict != 0) revert EmergencyAlreadyReviewed(id, asked.verdict);
        if (isOpen(id)) revert EmergencyNotOver(id);
        if (!justified && !_identityOf(asked.requester).suspended) revert EmergencyNotSuspended(id, asked.requester);
        asked.verdict = justified ? VERDICT_JUSTIFIED : VERDICT_UNJUSTIFIED;
        emit EmergencyReviewed(id, asked.patient, msg.sender, justified);
    }

    /// @inheritdoc IEmergencyAccess
    function isActive(address patient, address reader) external view returns (bool) {
        (EmergencyId id, , , ) = activeRequest(patient, reader);
        return EmergencyId.unwrap(id) != 0;
    }

    /// @inheritdoc IEmergencyAccess
    function requestOf(EmergencyId id) external view returns (Request memory) {
        return _requests[id];
    }

    /// @inheritdoc IEmergencyAccess
    function latestOf(address requester) external view returns (EmergencyId id) {
        return _latest[requester];
    }

    /// @inheritdoc IEmergencyAccess
    function settingsOf(address patient) external view returns (Settings memory settings, bytes32[] memory contacts) {
        return (_settings[patient], _contacts[patient]);
    }

    /// @inheritdoc IEmergencyAccess
    function activeRequest(
        address patient,
        address reader
    ) public view returns (EmergencyId id, uint32 round, uint48 opensAt, uint48 closesAt) {
        // One open request per clinician: an active one can only be the newest.
        EmergencyId latest = _latest[reader];
        Request memory asked = _requests[latest];
        bool isRunning = asked.patient == patient && asked.opensAt != 0 && block.timestamp >= asked.opensAt;
        if (!isRunning || !isOpen(latest) || !_isSenior(reader) || !_isSenior(asked.coSigner)) return (id, 0, 0, 0);
        return (latest, asked.round, asked.opensAt, asked.opensAt + OPEN_FOR);
    }

    /// @inheritdoc IEmergencyAccess
    function isOpen(EmergencyId id) public view returns (bool) {
        Request memory asked = _requests[id];
        // 0 is "never", a mark and not a moment; a round is a counter.
        // slither-disable-start incorrect-equality
        uint48 end = asked.opensAt == 0 ? asked.requestedAt + CO_SIGN_WINDOW : asked.opensAt + OPEN_FOR;
        bool isStopped = asked.stoppedAt != 0 || asked.requestedAt == 0;
        return !isStopped && block.timestamp < end && asked.round == _settings[asked.patient].round;
        // slither-disable-end incorrect-equality
    }

    /// @inheritdoc IEmergencyAccess
    function contactCommitment(address patient, address contact, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(patient, contact, salt));
    }

    function _configure(address patient, uint32 delay, bytes32[] calldata contacts) private {
        if (delay > MAX_DELAY) revert EmergencyDelayTooLong(delay, MAX_DELAY);
        if (contacts.length > MAX_CONTACTS) revert EmergencyTooManyContacts(contacts.length, MAX_CONTACTS);
        Settings memory settings = _settings[patient];
        bytes32 known = keccak256(abi.encodePacked(_contacts[patient]));
        bool isSameList = known == keccak256(abi.encodePacked(contacts));
        if (settings.enabled && settings.delay == delay && isSameList) revert EmergencySettingsUnchanged(patient);
        _settings[patient] = Settings({enabled: true, delay: delay, round: settings.round});
        _contacts[patient] = contacts;
        emit EmergencyConfigured(patient, delay, settings.round, contacts);
    }

    /// @dev The next round makes all requests of this one void for ever, also after it is turned on again.
    function _disable(address patient) private {
        Settings memory settings = _settings[patient];
        if (!settings.enabled) revert EmergencyNotEnabled(patient);
        _settings[patient] = Settings({enabled: false, delay: 0, round: settings.round + 1});
        delete _contacts[patient];
        emit EmergencyDisabled(patient);
    }

    function _stop(address account, EmergencyId id, bytes32 salt) private {
        Request storage asked = _known(id);
        address patient = asked.patient;
        bool isConcerned = account == patient || account == asked.requester || account == asked.coSigner;
        if (!isConcerned && !_isContact(patient, account, salt)) revert EmergencyNotConcerned(id, account);
        if (!isOpen(id)) revert EmergencyOver(id);
        asked.stoppedAt = uint48(block.timestamp);
        emit EmergencyStopped(id, patient, account, asked.opensAt != 0 && block.timestamp >= asked.opensAt);
    }

    /// @dev Three in any 24 hours: the third newest must be a day old. Requests that nobody co-signed count, too.
    function _countRequest(address requester) private returns (uint64 number) {
        Recent memory recent = _recent[requester];
        uint48 nextAt = recent.first + QUOTA_WINDOW;
        if (recent.first != 0 && block.timestamp < nextAt) revert EmergencyTooMany(requester, nextAt);
        number = recent.count + 1;
        _recent[requester] = Recent({
            first: recent.second,
            second: recent.third,
            third: uint48(block.timestamp),
            count: number
        });
    }

    function _known(EmergencyId id) private view returns (Request storage asked) {
        asked = _requests[id];
        if (asked.patient == address(0)) revert EmergencyUnknown(id);
    }

    function _isContact(address patient, address account, bytes32 salt) private view returns (bool) {
        bytes32 commitment = contactCommitment(patient, account, salt);
        bytes32[] memory contacts = _contacts[patient];
        for (uint256 i = 0; i < contacts.length; ++i) {
            if (contacts[i] == commitment) return true;
        }
        return false;
    }

    function _checkSenior(address account) private view {
        IIdentityRegistry.Identity memory identity = _identityOf(account);
        if (!_isVerifiedClinician(identity)) revert EmergencyNotVerified(account);
        uint256 countsFrom = uint256(identity.verifiedSince) + seniority;
        if (block.timestamp < countsFrom) revert EmergencyTooEarly(account, countsFrom);
    }

    function _isSenior(address account) private view returns (bool) {
        IIdentityRegistry.Identity memory identity = _identityOf(account);
        return _isVerifiedClinician(identity) && block.timestamp >= uint256(identity.verifiedSince) + seniority;
    }

    function _isVerifiedClinician(IIdentityRegistry.Identity memory identity) private view returns (bool) {
        // The equality compares roles, not moments.
        // slither-disable-next-line incorrect-equality
        return identity.role == ROLE_CLINICIAN && block.timestamp < identity.verifiedUntil && !identity.suspended;
    }

    function _identityOf(address account) private view returns (IIdentityRegistry.Identity memory) {
        return IIdentityRegistry(_carekey).identityOf(account);
    }
}
