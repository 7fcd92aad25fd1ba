// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Carekey} from "../../../contracts/Carekey.sol";
import {EmergencyAccess} from "../../../contracts/consent/EmergencyAccess.sol";
import {EmergencyId, IEmergencyAccess} from "../../../contracts/consent/IEmergencyAccess.sol";
import {vm} from "../support/Vm.sol";

/// @notice Emergency access for any delay, any wait, any contacts.
contract EmergencyAccessTest {
    uint48 private constant NOW = 2_000_000_000;
    address private constant PATIENT = address(0x1001);
    address private constant REQUESTER = address(0x1002);
    address private constant CO_SIGNER = address(0x1003);

    Carekey private _carekey;
    EmergencyAccess private _emergency;

    function setUp() public {
        vm.warp(NOW - 1 weeks);
        _carekey = new Carekey(address(this), 1 days);
        _emergency = new EmergencyAccess(address(_carekey), 1 weeks);
        for (uint160 account = 0x1002; account <= 0x1003; ++account) {
            vm.prank(address(account));
            _carekey.register(2, keccak256("key"));
            _carekey.verify(address(account), type(uint48).max, 0);
        }
        vm.warp(NOW);
    }

    function testFuzz_activeExactlyBetweenOpeningAndClosing(
        uint32 delay,
        uint32 wait,
        uint32 coSignAfter,
        uint32 stopAfter,
        bool stops
    ) public {
        delay = delay % (1 days + 1);
        coSignAfter = coSignAfter % 900;
        EmergencyId id = _request(delay);
        vm.warp(NOW + coSignAfter);
        vm.prank(CO_SIGNER);
        _emergency.coSign(id);
        uint256 opensAt = uint256(NOW) + coSignAfter + delay;
        uint256 stoppedAt = opensAt - delay + (stopAfter % (uint256(delay) + 3 hours));
        if (stops) {
            vm.warp(stoppedAt);
            vm.prank(PATIENT);
            _emergency.stop(id, 0);
        }
        uint256 moment = (stops ? stoppedAt : opensAt - delay) + (wait % (2 days));
        vm.warp(moment);
        bool expected = !stops && opensAt <= moment && moment < opensAt + 3 hours;
        assert(_emergency.isActive(PATIENT, REQUESTER) == expected);
    }

    function testFuzz_onlyWhoKnowsTheSaltStops(
        bytes32[5] memory salts,
        uint8 which,
        bytes32 guess,
        address account
    ) public {
        vm.assume(account != PATIENT && account != REQUESTER && account != address(0));
        bytes32[] memory contacts = new bytes32[](5);
        for (uint256 i = 0; i < 5; ++i) contacts[i] = _emergency.contactCommitment(PATIENT, account, salts[i]);
        for (uint256 i = 0; i < 5; ++i) vm.assume(guess != salts[i]);
        vm.prank(PATIENT);
        _emergency.configure(600, contacts);
        vm.prank(REQUESTER);
        EmergencyId id = _emergency.request(PATIENT, keccak256("reason"));
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.EmergencyNotConcerned.selector, id, account));
        vm.prank(account);
        _emergency.stop(id, guess);
        vm.prank(account);
        _emergency.stop(id, salts[which % 5]);
        assert(!_emergency.isOpen(id));
    }

    function testFuzz_aFourthRequestWaitsUntilTheFirstIsADayOld(uint16[3] memory waits, uint32 last) public {
        uint256 moment = NOW;
        uint256 first = 0;
        _configure(60);
        for (uint256 i = 0; i < 3; ++i) {
            moment += waits[i];
            if (i == 0) first = moment;
            vm.warp(moment);
            vm.prank(REQUESTER);
            EmergencyId id = _emergency.request(PATIENT, keccak256("reason"));
            vm.prank(REQUESTER);
            _emergency.stop(id, 0);
        }
        moment += last % 2 days;
        vm.warp(moment);
        if (moment < first + 1 days) {
            vm.expectRevert(
                abi.encodeWithSelector(IEmergencyAccess.EmergencyTooMany.selector, REQUESTER, first + 1 days)
            );
        }
        vm.prank(REQUESTER);
        _emergency.request(PATIENT, keccak256("reason"));
    }

    function testFuzz_delaysAndListsWithinTheirLimitsOnly(uint32 delay, uint8 count) public {
        bytes32[] memory contacts = new bytes32[](count);
        if (delay > 1 days) {
            vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.EmergencyDelayTooLong.selector, delay, 1 days));
        } else if (count > 5) {
            vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.EmergencyTooManyContacts.selector, count, 5));
        }
        vm.prank(PATIENT);
        _emergency.configure(delay, contacts);
        (IEmergencyAccess.Settings memory settings, ) = _emergency.settingsOf(PATIENT);
        assert(settings.enabled == (delay <= 1 days && count <= 5));
    }

    function _configure(uint32 delay) private {
        vm.prank(PATIENT);
        _emergency.configure(delay, new bytes32[](0));
    }

    function _request(uint32 delay) private returns (EmergencyId) {
        _configure(delay);
        vm.prank(REQUESTER);
        return _emergency.request(PATIENT, keccak256("reason"));
    }
}
