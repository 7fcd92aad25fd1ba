// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Succession} from "../../../contracts/identity/Succession.sol";
import {ISuccession} from "../../../contracts/identity/ISuccession.sol";
import {vm} from "../support/Vm.sol";

/// @notice Succession for any threshold, any waiting time, any order of guardians.
contract SuccessionTest {
    uint48 private constant NOW = 2_000_000_000;
    uint48 private constant LEAST = 7 days;
    address private constant OLD = address(0x1001);
    address private constant NEXT = address(0x1002);

    Succession private _succession;

    function setUp() public {
        vm.warp(NOW);
        _succession = new Succession(LEAST);
    }

    function testFuzz_completesExactlyWhenEnoughVouchedAndTheTimePassed(
        uint8 count,
        uint8 threshold,
        uint8 vouching,
        uint48 delay,
        uint32 wait
    ) public {
        count = 2 + (count % 6);
        threshold = 2 + (threshold % (count - 1));
        vouching = vouching % (count + 1);
        delay = LEAST + (delay % (365 days - LEAST + 1));
        bytes32[] memory commitments = _name(count, threshold, delay);
        for (uint8 i = 0; i < vouching; ++i) _vouch(i, NEXT, commitments);
        vm.warp(NOW + wait);
        bool expected = vouching >= threshold && wait >= delay;
        vm.prank(NEXT);
        try _succession.complete(OLD) {
            assert(expected);
            assert(_succession.successorOf(OLD) == NEXT && _succession.predecessorOf(NEXT) == OLD);
        } catch {
            assert(!expected);
            assert(_succession.successorOf(OLD) == address(0));
        }
    }

    function testFuzz_aVetoAtAnyTimeBeforeTheEndUndoesAll(uint32 vetoAfter, uint32 wait) public {
        bytes32[] memory commitments = _name(3, 2, LEAST);
        _vouch(0, NEXT, commitments);
        _vouch(1, NEXT, commitments);
        vm.warp(NOW + vetoAfter);
        vm.prank(OLD);
        _succession.veto();
        vm.warp(uint256(NOW) + vetoAfter + wait);
        vm.expectRevert(abi.encodeWithSelector(ISuccession.SuccessionNotReady.selector, OLD, NEXT, 0));
        vm.prank(NEXT);
        _succession.complete(OLD);
    }

    function testFuzz_onlyWhoWasNamedVouches(address guess, bytes32 salt) public {
        bytes32[] memory commitments = _name(3, 2, LEAST);
        for (uint8 i = 0; i < 3; ++i) vm.assume(guess != _guardian(i) || salt != _salt(i));
        vm.expectRevert(abi.encodeWithSelector(ISuccession.SuccessionNotGuardian.selector, OLD, guess));
        vm.prank(guess);
        _succession.vouch(OLD, NEXT, salt, commitments);
    }

    function _name(uint8 count, uint8 threshold, uint48 delay) private returns (bytes32[] memory commitments) {
        commitments = new bytes32[](count);
        for (uint8 i = 0; i < count; ++i) commitments[i] = keccak256(abi.encode(OLD, _guardian(i), _salt(i)));
        vm.prank(OLD);
        _succession.setGuardians(commitments, threshold, delay);
    }

    function _vouch(uint8 index, address successor, bytes32[] memory commitments) private {
        vm.prank(_guardian(index));
        _succession.vouch(OLD, successor, _salt(index), commitments);
    }

    function _guardian(uint8 index) private pure returns (address) {
        return address(0x2000 + uint160(index));
    }

    function _salt(uint8 index) private pure returns (bytes32) {
        return keccak256(abi.encode("salt", index));
    }
}
